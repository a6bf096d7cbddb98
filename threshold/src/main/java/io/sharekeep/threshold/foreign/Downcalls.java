package io.sharekeep.threshold.foreign;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * What both bindings share: C checks no lengths, so every segment is checked before it goes down.
 */
final class Downcalls {
  private Downcalls() {}

  @SuppressWarnings("restricted") // the descriptor is that of the library's public header
  static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  /** Without the change of thread state that lets a collector run meanwhile. */
  @SuppressWarnings("restricted") // the descriptor is that of the library's public header
  static MethodHandle leaf(SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(symbols.findOrThrow(name), descriptor, Linker.Option.critical(false));
  }

  /** For what {@code invokeExact} declares: the callee is C and throws nothing. */
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof RuntimeException e) { // a closed slab, or one of another thread
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    return new IllegalStateException("a native call cannot throw a checked exception", thrown);
  }

  /** An operand that is read. */
  static MemorySegment in(MemorySegment operand, long length) {
    if (operand.byteSize() != length) {
      throw new IllegalArgumentException(
          "an operand is " + length + " bytes, not " + operand.byteSize());
    }
    return in(operand);
  }

  /** An operand that is read, of any length. */
  static MemorySegment in(MemorySegment operand) {
    if (!operand.isNative()) {
      throw new IllegalArgumentException("an operand of a native call cannot lie on the heap");
    }
    return operand;
  }

  /** An operand that is written: C would not respect a read-only view. */
  static MemorySegment out(MemorySegment operand, long length) {
    in(operand, length);
    if (operand.isReadOnly()) {
      throw new IllegalArgumentException("a result cannot go to a read-only segment");
    }
    return operand;
  }
}
