package io.sharekeep.pkcs11.terms;

/**
 * What a key is called on its token: its object class and CKA_LABEL. One name, one key.
 *
 * @param label printable ASCII, at most 32 characters
 */
public record KeyName(KeyClass keyClass, String label) {
  public KeyName {
    if (!label.matches("[\\x21-\\x7e]{1,32}")) {
      throw new IllegalArgumentException("a key label is 1 to 32 printable ASCII characters");
    }
  }

  @Override
  public String toString() {
    return keyClass + " " + label;
  }
}
