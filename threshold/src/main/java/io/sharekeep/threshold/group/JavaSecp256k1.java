package io.sharekeep.threshold.group;

/** secp256k1 (SEC 2 section 2.4.1) without native code. */
public final class JavaSecp256k1 implements Group {
  private final SecretOps secretOps = new Secp256k1SecretOps();
  private final PublicOps publicOps = new Secp256k1PublicOps();

  public JavaSecp256k1() {}

  @Override
  public GroupId id() {
    return GroupId.SECP256K1;
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
