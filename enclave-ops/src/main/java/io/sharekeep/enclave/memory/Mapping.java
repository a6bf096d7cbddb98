package io.sharekeep.enclave.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Pages of secret memory between two guard pages that nothing may touch. */
final class Mapping {
  private final long base;
  private final long length;

  private Mapping(long base, long length) {
    this.base = base;
    this.length = length;
  }

  /**
   * Maps, locks and touches every page, so that a shortage shows here and not in a signing round.
   *
   * @param length a multiple of the page size
   */
  static Mapping map(SecretMode mode, long length) throws SecretMemoryUnavailable {
    if (length <= 0 || length % Linux.PAGE != 0) {
      throw new IllegalArgumentException("not whole pages: " + length);
    }
    var reserved =
        Linux.mmap(
            0, length + 2 * Linux.PAGE, Linux.PROT_NONE, Linux.MAP_PRIVATE_ANONYMOUS_NORESERVE, -1);
    if (reserved.failed()) {
      throw unavailable("mmap", reserved, length);
    }
    var mapping = new Mapping(reserved.value(), length);
    try {
      switch (mode) {
        case MEMFD_SECRET -> mapping.secretFile();
        case MLOCK -> mapping.lockedAnonymous();
      }
    } catch (SecretMemoryUnavailable e) {
      mapping.unmap();
      throw e;
    }
    try (var arena = Arena.ofConfined()) {
      mapping.data(arena).fill((byte) 0);
    }
    return mapping;
  }

  private void secretFile() throws SecretMemoryUnavailable {
    var file = Linux.memfdSecret();
    if (file.failed()) {
      throw unavailable("memfd_secret", file, length);
    }
    int fd = (int) file.value();
    try {
      check("ftruncate", Linux.ftruncate(fd, length));
      check(
          "mmap of secret memory",
          Linux.mmap(dataAddress(), length, Linux.PROT_READ_WRITE, Linux.MAP_SHARED_FIXED, fd));
    } finally {
      Linux.close(fd);
    }
    check("madvise(DONTFORK)", Linux.madvise(dataAddress(), length, Linux.MADV_DONTFORK));
    check("madvise(DONTDUMP)", Linux.madvise(dataAddress(), length, Linux.MADV_DONTDUMP));
  }

  private void lockedAnonymous() throws SecretMemoryUnavailable {
    check("mprotect", Linux.mprotect(dataAddress(), length, Linux.PROT_READ_WRITE));
    check("mlock", Linux.mlock(dataAddress(), length));
    check("madvise(WIPEONFORK)", Linux.madvise(dataAddress(), length, Linux.MADV_WIPEONFORK));
    check("madvise(DONTDUMP)", Linux.madvise(dataAddress(), length, Linux.MADV_DONTDUMP));
  }

  private long dataAddress() {
    return base + Linux.PAGE;
  }

  /** The pages between the guards, alive as long as {@code life}. */
  @SuppressWarnings("restricted") // gives a size and a life to memory that this object mapped
  MemorySegment data(Arena life) {
    return MemorySegment.ofAddress(dataAddress()).reinterpret(length, life, null);
  }

  long length() {
    return length;
  }

  /** The caller has wiped it and closed every view. */
  void unmap() {
    if (Linux.munmap(base, length + 2 * Linux.PAGE).failed()) {
      throw new IllegalStateException("munmap failed");
    }
  }

  private void check(String call, Linux.Answer answer) throws SecretMemoryUnavailable {
    if (answer.failed()) {
      throw unavailable(call, answer, length);
    }
  }

  private static SecretMemoryUnavailable unavailable(
      String call, Linux.Answer answer, long length) {
    String reason =
        switch (answer.errno()) {
          case 1 -> "not permitted (EPERM)";
          case 11 -> "the memlock limit is used up (EAGAIN)";
          case 12 -> "no memory or the memlock limit is used up (ENOMEM)";
          case 38 -> "the kernel does not have it (ENOSYS)";
          default -> "errno " + answer.errno();
        };
    return new SecretMemoryUnavailable(call + " of " + length + " bytes failed: " + reason);
  }
}
