package io.sharekeep.threshold.group;

/** The prime-order subgroup of edwards25519 (RFC 8032 section 5.1) without native code. */
public final class JavaEd25519 implements Group {
  private final SecretOps secretOps = new Ed25519SecretOps();
  private final PublicOps publicOps = new Ed25519PublicOps();

  public JavaEd25519() {}

  @Override
  public GroupId id() {
    return GroupId.ED25519;
  }

  @Override
  public SecretOps secretOps() {
    return secretOps;
  }

  @Override
  public PublicOps publicOps() {
    return publicOps;
  }

  @Override
  public String backend() {
    return "java";
  }
}
