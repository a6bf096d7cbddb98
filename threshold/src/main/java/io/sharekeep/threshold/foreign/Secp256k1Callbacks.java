package io.sharekeep.threshold.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What libsecp256k1 calls back. None of these may throw: an exception in an upcall ends the JVM.
 *
 * <p>The library's own callbacks abort the process, and an abort may leave a core with secrets.
 */
final class Secp256k1Callbacks {
  private static final FunctionDescriptor REPORT = FunctionDescriptor.ofVoid(ADDRESS, ADDRESS);
  private static final AddressLayout TO_32 = to(32);
  private static final AddressLayout TO_64 = to(64);

  /** For an argument that we should have refused ourselves: the call then answers 0, we throw. */
  static final MemorySegment ILLEGAL = stub("illegal", REPORT);

  /** For memory that is broken: the library's state means nothing any more. */
  static final MemorySegment ERROR = stub("error", REPORT);

  /** The hash function of an ECDH that gives the point itself. */
  static final MemorySegment RAW_COPY =
      stub("rawCopy", FunctionDescriptor.of(JAVA_INT, TO_64, TO_32, TO_32, ADDRESS));

  private Secp256k1Callbacks() {}

  static void illegal(MemorySegment message, MemorySegment data) {}

  static void error(MemorySegment message, MemorySegment data) {
    Runtime.getRuntime().halt(134); // as after an abort, but no core is written
  }

  /** The coordinates are secret: from segment to segment, never through an array. */
  static int rawCopy(MemorySegment out, MemorySegment x, MemorySegment y, MemorySegment data) {
    MemorySegment.copy(x, 0, out, 0, 32);
    MemorySegment.copy(y, 0, out, 32, 32);
    return 1;
  }

  @SuppressWarnings("restricted") // sizes as secp256k1_ecdh.h gives them
  private static AddressLayout to(long length) {
    return ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(length, JAVA_BYTE));
  }

  @SuppressWarnings("restricted") // descriptors as secp256k1.h and secp256k1_ecdh.h give them
  private static MemorySegment stub(String name, FunctionDescriptor descriptor) {
    MethodType type = descriptor.toMethodType();
    try {
      var target = MethodHandles.lookup().findStatic(Secp256k1Callbacks.class, name, type);
      return Linker.nativeLinker().upcallStub(target, descriptor, Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no callback " + name, e);
    }
  }
}
