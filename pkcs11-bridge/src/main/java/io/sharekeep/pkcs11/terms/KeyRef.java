package io.sharekeep.pkcs11.terms;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names one key for good: class, CKA_LABEL and CKA_ID. Never a handle, which changes at each login.
 *
 * @param id sixteen random bytes as 32 lower-case hex digits, set when the key was made
 */
public record KeyRef(KeyName name, String id) {
  /** The length of CKA_ID in bytes. */
  public static final int ID_LENGTH = 16;

  public KeyRef {
    if (!id.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException("a key id is 32 lower-case hex digits");
    }
  }

  /** From the bytes of CKA_ID. */
  public static KeyRef of(KeyName name, byte[] id) {
    return new KeyRef(name, HexFormat.of().formatHex(id));
  }

  public byte[] idBytes() {
    return Arrays.copyOf(HexFormat.of().parseHex(id), ID_LENGTH);
  }

  @Override
  public String toString() {
    return name + " " + id;
  }
}
