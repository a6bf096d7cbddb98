package io.sharekeep.threshold.group;

class NativeEd25519Test extends Ed25519Conformance {
  NativeEd25519Test() {
    super(new NativeEd25519(new JavaEd25519()));
  }
}
