package io.sharekeep.threshold.group;

class JavaSecp256k1Test extends Secp256k1Conformance {
  JavaSecp256k1Test() {
    super(new JavaSecp256k1());
  }
}
