package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real library whose C_Login is counted and whose C_GenerateRandom fails on demand. */
@SuppressWarnings("restricted") // stands between the module and the library
final class ShimmedLibrary implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor LOGIN =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
  private static final FunctionDescriptor RANDOM =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

  private final Arena arena = Arena.ofShared();
  private final MethodHandle login;
  private final MethodHandle random;
  final Library library;
  final AtomicInteger logins = new AtomicInteger();
  final AtomicInteger randoms = new AtomicInteger();

  /** How many of the next calls of C_GenerateRandom answer {@link #rv}. */
  final AtomicInteger faults = new AtomicInteger();

  final AtomicLong rv = new AtomicLong();

  /** Whether C_GenerateRandom gives the same bytes every time. */
  final AtomicBoolean frozen = new AtomicBoolean();

  ShimmedLibrary(Path path) throws ReflectiveOperationException {
    var list = functionList(path);
    login = LINKER.downcallHandle(list.get(ADDRESS, 8 + 8 * 18L), LOGIN);
    random = LINKER.downcallHandle(list.get(ADDRESS, 8 + 8 * 64L), RANDOM);
    var copy = arena.allocate(552, 8).copyFrom(list);
    copy.set(ADDRESS, 8 + 8 * 18L, stub("login", LOGIN));
    copy.set(ADDRESS, 8 + 8 * 64L, stub("random", RANDOM));
    library =
        new Library(LibraryFile.of(path, Optional.empty()), new Cryptoki(copy), Optional.empty());
  }

  /** Each token that is opened on it lets go of one use. */
  Library use() {
    library.use();
    return library;
  }

  @Override
  public void close() {
    arena.close();
  }

  private MemorySegment stub(String method, FunctionDescriptor function)
      throws ReflectiveOperationException {
    MethodType type = function.toMethodType();
    var target = MethodHandles.lookup().bind(this, method, type);
    return LINKER.upcallStub(target, function, arena);
  }

  @SuppressWarnings("unused") // called by the token, through its stub
  private long login(long session, long user, MemorySegment pin, long length) {
    logins.incrementAndGet();
    try {
      return (long) login.invokeExact(session, user, pin, length);
    } catch (Throwable e) {
      return Ck.GENERAL_ERROR;
    }
  }

  @SuppressWarnings("unused") // called by the token, through its stub
  private long random(long session, MemorySegment out, long length) {
    randoms.incrementAndGet();
    if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return rv.get();
    }
    if (frozen.get()) {
      out.reinterpret(length).fill((byte) 7);
      return Ck.OK;
    }
    try {
      return (long) random.invokeExact(session, out, length);
    } catch (Throwable e) {
      return Ck.GENERAL_ERROR;
    }
  }

  private static MemorySegment functionList(Path path) {
    var function =
        SymbolLookup.libraryLookup(path, Arena.global()).find("C_GetFunctionList").orElseThrow();
    var call = LINKER.downcallHandle(function, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var found = arena.allocate(ADDRESS);
      if ((long) call.invokeExact(found) != Ck.OK) {
        throw new IllegalStateException("no function list");
      }
      return found.get(ADDRESS, 0).reinterpret(552);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
