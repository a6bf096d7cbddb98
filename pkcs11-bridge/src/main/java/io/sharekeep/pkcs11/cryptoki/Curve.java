package io.sharekeep.pkcs11.cryptoki;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** The two curves that tokens sign on. */
enum Curve {
  P256("P-256", 32, "06082a8648ce3d030107", "3059301306072a8648ce3d020106082a8648ce3d030107034200"),
  P384("P-384", 48, "06052b81040022", "3076301006072a8648ce3d020106052b81040022036200");

  private final String title;
  private final int size;
  private final String parameters;
  private final String spkiPrefix;

  Curve(String title, int size, String parameters, String spkiPrefix) {
    this.title = title;
    this.size = size;
    this.parameters = parameters;
    this.spkiPrefix = spkiPrefix;
  }

  static Optional<Curve> of(byte[] parameters) {
    return Arrays.stream(values())
        .filter(curve -> Arrays.equals(curve.parameters(), parameters))
        .findFirst();
  }

  String title() {
    return title;
  }

  /** Bytes of the order: of a digest, of r and of s. */
  int size() {
    return size;
  }

  /** CKA_EC_PARAMS: the curve's OID, DER. */
  byte[] parameters() {
    return HexFormat.of().parseHex(parameters);
  }

  /**
   * SubjectPublicKeyInfo of a CKA_EC_POINT.
   *
   * @param raw whether it is the bare uncompressed point, rather than that in a DER OCTET STRING
   *     (PKCS#11 2.40, section 2.3.3)
   */
  Optional<byte[]> spki(byte[] ecPoint, boolean raw) {
    int length = 1 + 2 * size;
    int at = raw ? 0 : 2;
    boolean framed = raw || (ecPoint.length > 1 && ecPoint[0] == 0x04 && ecPoint[1] == length);
    if (ecPoint.length != at + length || !framed || ecPoint[at] != 0x04) {
      return Optional.empty();
    }
    var prefix = HexFormat.of().parseHex(spkiPrefix);
    var out = Arrays.copyOf(prefix, prefix.length + length);
    System.arraycopy(ecPoint, at, out, prefix.length, length);
    return Optional.of(out);
  }
}
