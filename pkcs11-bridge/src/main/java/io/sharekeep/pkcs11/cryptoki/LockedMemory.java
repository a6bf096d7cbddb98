package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A little memory for one call that neither swap nor a dump sees, for what cannot stay in the
 * caller's slab: a data key, the last block of a plaintext, a driver that cannot write to secret
 * memory. Wiped when closed.
 */
final class LockedMemory implements AutoCloseable {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MADV_DONTDUMP = 16;
  private static final long PAGE = 4096;

  private static final MethodHandle MMAP =
      down(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      down("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle MLOCK =
      down("mlock", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle MADVISE =
      down("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private final Arena life = Arena.ofConfined();
  private final MemorySegment pages;
  private final MemorySegment bytes;

  /**
   * Locks memory for the calling thread.
   *
   * @throws IllegalStateException if the system does not let this process lock so much; see
   *     RLIMIT_MEMLOCK
   */
  @SuppressWarnings("restricted") // gives the mapping its size
  LockedMemory(long length) {
    long size = (length + PAGE - 1) / PAGE * PAGE;
    try {
      var mapped =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (mapped.address() == -1) {
        throw new IllegalStateException("no memory for " + size + " bytes");
      }
      pages = mapped.reinterpret(size, life, null);
      if ((int) MLOCK.invokeExact(pages, size) != 0) {
        throw new IllegalStateException(
            "cannot lock " + size + " bytes of memory; raise LimitMEMLOCK");
      }
      int ignored = (int) MADVISE.invokeExact(pages, size, MADV_DONTDUMP); // kernels since 3.4
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    bytes = pages.asSlice(0, length);
  }

  MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    pages.fill((byte) 0);
    try {
      int ignored = (int) MUNMAP.invokeExact(pages, pages.byteSize()); // fails on nothing of ours
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    } finally {
      life.close();
    }
  }

  @SuppressWarnings("restricted") // four functions of the C library
  private static MethodHandle down(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
