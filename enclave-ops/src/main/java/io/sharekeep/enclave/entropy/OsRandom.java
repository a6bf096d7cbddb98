package io.sharekeep.enclave.entropy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.threshold.Randomness;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The kernel's generator, {@code getrandom(2)}, straight into the caller's memory. */
public final class OsRandom implements Randomness {
  /** Up to here the kernel never answers with less once it is seeded. */
  private static final long WHOLE = 256;

  @SuppressWarnings("restricted") // one well-known function of the C library
  private static final MethodHandle GETRANDOM =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker()
                  .defaultLookup()
                  .find("getrandom")
                  .orElseThrow(() -> new IllegalStateException("the C library has no getrandom")),
              FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));

  @Override
  public void fill(MemorySegment out) {
    for (long at = 0; at < out.byteSize(); at += WHOLE) {
      long length = Math.min(WHOLE, out.byteSize() - at);
      if (getrandom(out.asSlice(at, length)) != length) {
        throw new IllegalStateException("getrandom failed");
      }
    }
  }

  private static long getrandom(MemorySegment out) {
    try {
      return (long) GETRANDOM.invokeExact(out, out.byteSize(), 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall does not throw", t);
    }
  }
}
