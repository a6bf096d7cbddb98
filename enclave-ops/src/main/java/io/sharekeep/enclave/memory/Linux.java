package io.sharekeep.enclave.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The few calls of the C library that secret memory needs, on 64-bit Linux. */
@SuppressWarnings("restricted") // system calls on raw addresses are what this class is for
final class Linux {
  static final int PROT_NONE = 0;
  static final int PROT_READ_WRITE = 3;
  static final int MAP_SHARED_FIXED = 0x11;
  static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  static final int MADV_DONTFORK = 10;
  static final int MADV_DONTDUMP = 16;
  static final int MADV_WIPEONFORK = 18;
  static final int RLIMIT_CORE = 4;
  static final int RLIMIT_MEMLOCK = 8;

  /** The same number on x86-64 and aarch64. */
  private static final long SYS_MEMFD_SECRET = 447;

  private static final long O_CLOEXEC = 0x80000;
  private static final int SC_PAGESIZE = 30;
  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;

  /** Above this a wipe takes long enough to hold up a safepoint. */
  private static final long CRITICAL_LIMIT = 16 * 1024;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      LINKER.downcallHandle(
          symbol("syscall"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG),
          CAPTURE,
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle MMAP =
      errno("mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = errno("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle MPROTECT =
      errno("mprotect", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MLOCK = errno("mlock", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle MADVISE =
      errno("madvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle FTRUNCATE = errno("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle CLOSE = errno("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle GETRLIMIT = errno("getrlimit", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SETRLIMIT = errno("setrlimit", JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle PRCTL =
      LINKER.downcallHandle(
          symbol("prctl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          CAPTURE,
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle BZERO =
      LINKER.downcallHandle(
          symbol("explicit_bzero"), FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
  private static final MethodHandle BZERO_CRITICAL =
      LINKER.downcallHandle(
          symbol("explicit_bzero"),
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG),
          Linker.Option.critical(false));

  static final long PAGE = pageSize();

  private Linux() {}

  /** What a call answered and, if that is an error, why. */
  record Answer(long value, int errno) {
    boolean failed() {
      return value == -1;
    }
  }

  @FunctionalInterface
  private interface Call {
    long on(MemorySegment state) throws Throwable;
  }

  private static Answer call(Call call) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(Linker.Option.captureStateLayout());
      long value = call.on(state);
      return new Answer(value, value == -1 ? (int) ERRNO.get(state, 0L) : 0);
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall does not throw", t);
    }
  }

  static Answer memfdSecret() {
    return call(state -> (long) SYSCALL.invokeExact(state, SYS_MEMFD_SECRET, O_CLOEXEC));
  }

  static Answer mmap(long address, long length, int protection, int flags, int fd) {
    return call(
        state -> (long) MMAP.invokeExact(state, address, length, protection, flags, fd, 0L));
  }

  static Answer munmap(long address, long length) {
    return call(state -> (int) MUNMAP.invokeExact(state, address, length));
  }

  static Answer mprotect(long address, long length, int protection) {
    return call(state -> (int) MPROTECT.invokeExact(state, address, length, protection));
  }

  static Answer mlock(long address, long length) {
    return call(state -> (int) MLOCK.invokeExact(state, address, length));
  }

  static Answer madvise(long address, long length, int advice) {
    return call(state -> (int) MADVISE.invokeExact(state, address, length, advice));
  }

  static Answer ftruncate(int fd, long length) {
    return call(state -> (int) FTRUNCATE.invokeExact(state, fd, length));
  }

  static Answer close(int fd) {
    return call(state -> (int) CLOSE.invokeExact(state, fd));
  }

  static Answer setDumpable(boolean dumpable) {
    return call(
        state -> (int) PRCTL.invokeExact(state, PR_SET_DUMPABLE, dumpable ? 1L : 0L, 0L, 0L, 0L));
  }

  static Answer dumpable() {
    return call(state -> (int) PRCTL.invokeExact(state, PR_GET_DUMPABLE, 0L, 0L, 0L, 0L));
  }

  /** The soft limit in bytes; -1 (all bits set) for none. */
  static long softLimit(int resource) {
    try (var arena = Arena.ofConfined()) {
      var limit = arena.allocate(16, 8);
      if (call(state -> (int) GETRLIMIT.invokeExact(state, resource, limit)).failed()) {
        throw new IllegalStateException("getrlimit failed");
      }
      return limit.get(JAVA_LONG, 0);
    }
  }

  /** Soft and hard limit to zero. */
  static Answer forbid(int resource) {
    try (var arena = Arena.ofConfined()) {
      var limit = arena.allocate(16, 8);
      return call(state -> (int) SETRLIMIT.invokeExact(state, resource, limit));
    }
  }

  /** Overwrites with zeros in a way that no compiler removes. */
  static void explicitBzero(MemorySegment bytes) {
    try {
      if (bytes.byteSize() <= CRITICAL_LIMIT) {
        BZERO_CRITICAL.invokeExact(bytes, bytes.byteSize());
      } else {
        BZERO.invokeExact(bytes, bytes.byteSize());
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall does not throw", t);
    }
  }

  private static long pageSize() {
    var handle =
        LINKER.downcallHandle(symbol("sysconf"), FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    try {
      return (long) handle.invokeExact(SC_PAGESIZE);
    } catch (Throwable t) {
      throw new IllegalStateException("sysconf failed", t);
    }
  }

  private static MethodHandle errno(
      String name,
      java.lang.foreign.MemoryLayout result,
      java.lang.foreign.MemoryLayout... arguments) {
    return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, arguments), CAPTURE);
  }

  private static MemorySegment symbol(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new IllegalStateException("the C library has no " + name));
  }
}
