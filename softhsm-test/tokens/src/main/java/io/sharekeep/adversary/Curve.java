package io.sharekeep.adversary;

import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The points and the scalar that no message of a protocol over this curve may hold. */
public enum Curve {
  SECP256K1(33),
  ED25519(32);

  private final int elementLength;

  Curve(int elementLength) {
    this.elementLength = elementLength;
  }

  int elementLength() {
    return elementLength;
  }

  byte[] order() {
    return HexFormat.of()
        .parseHex(
            switch (this) {
              case SECP256K1 -> "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
              case ED25519 -> "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
            });
  }

  /** Name → encoding. The generator is a good point, and in any message the wrong one. */
  SortedMap<String, byte[]> elements() {
    var decoded = new TreeMap<String, byte[]>();
    encodings().forEach((name, hex) -> decoded.put(name, HexFormat.of().parseHex(hex)));
    return decoded;
  }

  private Map<String, String> encodings() {
    return switch (this) {
      case SECP256K1 ->
          Map.of(
              "the generator",
              "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
              "off the curve",
              "020000000000000000000000000000000000000000000000000000000000000005",
              "beyond the field",
              "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30");
      case ED25519 ->
          Map.of(
              "the generator",
              "5866666666666666666666666666666666666666666666666666666666666666",
              "the identity",
              "0100000000000000000000000000000000000000000000000000000000000000",
              "of order two",
              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "of order eight",
              "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
              "beyond the field",
              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "of mixed order",
              "9599999999999999999999999999999999999999999999999999999999999999");
    };
  }
}
