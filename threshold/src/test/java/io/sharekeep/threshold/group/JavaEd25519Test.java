package io.sharekeep.threshold.group;

class JavaEd25519Test extends Ed25519Conformance {
  JavaEd25519Test() {
    super(new JavaEd25519());
  }
}
