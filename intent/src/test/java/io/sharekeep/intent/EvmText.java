package io.sharekeep.intent;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Writes Ethereum transactions field by field, so that a test can write a wrong one. */
final class EvmText {
  /** The key of EIP-155's example, and its public key. */
  static final byte[] SECRET = Bytes.ofHex("46".repeat(32)).toArray();

  static final Bytes OURS =
      Bytes.of(
          fr.acinq.secp256k1.Secp256k1.get()
              .pubKeyCompress(fr.acinq.secp256k1.Secp256k1.get().pubkeyCreate(SECRET)));

  static final Account ACCOUNT = new Account(ChainId.ETHEREUM, OURS);

  /** USDC on mainnet, and a destination. */
  static final String TOKEN = "a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";

  static final String SOMEBODY = "3535353535353535353535353535353535353535";
  static final String UNBOUNDED = "ff".repeat(32);

  String type = "";
  final List<String> fields = new ArrayList<>();

  /** 20 gwei, 21000 gas, chain 1. */
  static EvmText legacy(String to, String value, String data) {
    return of("", "09", "04a817c800", "5208", to, value, data, "01", "", "");
  }

  /** Type 2: tip 1 gwei, at most 20 gwei, 100000 gas, chain 1. */
  static EvmText type2(String to, String value, String data) {
    return of("02", "01", "09", "3b9aca00", "04a817c800", "0186a0", to, value, data).with(list());
  }

  /** Fields as hex, each written as RLP bytes. */
  static EvmText of(String type, String... fields) {
    var text = new EvmText();
    text.type = type;
    for (var field : fields) {
      text.fields.add(bytes(field));
    }
    return text;
  }

  /** One more field, already RLP. */
  EvmText with(String rlp) {
    fields.add(rlp);
    return this;
  }

  EvmText set(int index, String rlp) {
    fields.set(index, rlp);
    return this;
  }

  String write() {
    return type + list(fields.toArray(String[]::new));
  }

  static String bytes(String hex) {
    if (hex.length() == 2 && Integer.parseInt(hex, 16) < 0x80) {
      return hex;
    }
    return length(0x80, hex) + hex;
  }

  static String list(String... items) {
    var content = String.join("", items);
    return length(0xc0, content) + content;
  }

  private static String length(int base, String content) {
    int bytes = content.length() / 2;
    if (bytes <= 55) {
      return "%02x".formatted(base + bytes);
    }
    var length = BigInteger.valueOf(bytes).toString(16);
    var even = length.length() % 2 == 0 ? length : "0" + length;
    return "%02x".formatted(base + 55 + even.length() / 2) + even;
  }

  /** A selector and words. */
  static String call(String selector, String... words) {
    return selector + String.join("", words);
  }

  static String word(String hex) {
    return "0".repeat(64 - hex.length()) + hex;
  }
}
