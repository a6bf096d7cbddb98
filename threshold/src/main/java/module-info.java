import org.jspecify.annotations.NullMarked;

/**
 * The threshold protocols, pure: no clock, socket, thread, logger or file. Randomness and scratch
 * memory come in as arguments, values go out.
 */
@NullMarked
module io.sharekeep.threshold {
  requires static org.jspecify;
  requires transitive io.sharekeep.cbor;
  requires secp256k1.kmp.jni.jvm.linux; // carries libsecp256k1 as a resource; none of its code runs

  exports io.sharekeep.threshold;
  exports io.sharekeep.threshold.blame;
  exports io.sharekeep.threshold.ecdsa;
  exports io.sharekeep.threshold.frost;
  exports io.sharekeep.threshold.group;
  exports io.sharekeep.threshold.keygen;
  exports io.sharekeep.threshold.primitive;
  exports io.sharekeep.threshold.rekey;
  exports io.sharekeep.threshold.wire;
}
