package io.sharekeep.threshold.group;

class NativeSecp256k1Test extends Secp256k1Conformance {
  private static final Group GROUP = new NativeSecp256k1(NativeGroupsTest.seeded(20260101));

  NativeSecp256k1Test() {
    super(GROUP);
  }
}
