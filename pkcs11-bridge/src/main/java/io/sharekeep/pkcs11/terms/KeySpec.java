package io.sharekeep.pkcs11.terms;

/** A key to be made, or that must be there: its name and its kind, which fixes every attribute. */
public record KeySpec(KeyName name, Kind kind) {
  /** What a key is for. One kind, one template. */
  public enum Kind {
    /** AES-256 that encrypts and decrypts with GCM and does nothing else. */
    SEALING_AES_256,
    /** ECDSA on P-256. */
    SIGNING_P256,
    /** ECDSA on P-384. */
    SIGNING_P384;

    public KeyClass keyClass() {
      return this == SEALING_AES_256 ? KeyClass.SECRET : KeyClass.PRIVATE;
    }
  }

  /** Seals key records; core token. The first generation. */
  public static final KeySpec KEK = of("kek", Kind.SEALING_AES_256);

  /** Certifies envelope keys and key generations; core token. */
  public static final KeySpec IDENTITY = of("identity", Kind.SIGNING_P256);

  /** Signs log checkpoints; core token. */
  public static final KeySpec LOG = of("log", Kind.SIGNING_P256);

  /** Signs reports; core token. */
  public static final KeySpec ATTEST = of("attest", Kind.SIGNING_P384);

  /** TLS server and client; edge token. */
  public static final KeySpec TLS = of("tls", Kind.SIGNING_P256);

  public KeySpec {
    if (name.keyClass() != kind.keyClass()) {
      throw new IllegalArgumentException("a " + kind + " key is not of class " + name.keyClass());
    }
  }

  /**
   * A generation of the kek; each lies on the token beside those before it until it is destroyed.
   *
   * @param generation from 1, which is {@link #KEK}
   */
  public static KeySpec kek(int generation) {
    if (generation < 1) {
      throw new IllegalArgumentException("generations count from 1, not " + generation);
    }
    return generation == 1 ? KEK : of("kek." + generation, Kind.SEALING_AES_256);
  }

  public static KeySpec of(String label, Kind kind) {
    return new KeySpec(new KeyName(kind.keyClass(), label), kind);
  }
}
