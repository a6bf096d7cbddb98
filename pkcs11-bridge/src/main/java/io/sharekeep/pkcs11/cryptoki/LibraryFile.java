package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A PKCS#11 module on disk, hashed before it is loaded.
 *
 * @param path its real path
 * @param sha256 lower-case hex
 */
record LibraryFile(Path path, String sha256) {
  /** Follows links and hashes; refuses what is not there or not the pinned file. */
  static LibraryFile of(Path path, Optional<String> pinned) {
    requireLinuxLp64(path);
    if (!Files.isRegularFile(path)) {
      throw new LibraryRejected(
          path, "is not there; install it (for SoftHSM: apt install softhsm2) or correct the path");
    }
    try {
      var real = path.toRealPath();
      var sha256 = hash(real);
      if (pinned.isPresent() && !pinned.get().equals(sha256)) {
        throw new LibraryRejected(
            path,
            "has SHA-256 "
                + sha256
                + " but "
                + pinned.get()
                + " is pinned; if you updated it on"
                + " purpose, change the pin");
      }
      return new LibraryFile(real, sha256);
    } catch (IOException e) {
      throw new LibraryRejected(path, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Loads it for the life of the process: to unload a library while one of its threads or exit
   * handlers may still run is not safe.
   */
  @SuppressWarnings("restricted") // loading the token's library is what this module is for
  Cryptoki load() {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(path, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new LibraryRejected(
          path, "cannot be loaded; it is not a shared object of this machine");
    }
    return symbols
        .find("C_GetInterface")
        .flatMap(LibraryFile::byInterface)
        .or(() -> symbols.find("C_GetFunctionList").flatMap(LibraryFile::byFunctionList))
        .map(list -> new Cryptoki(list.reinterpret(functionListSize())))
        .orElseThrow(() ->
            new LibraryRejected(path, "is not a PKCS#11 library: it exports no C_GetFunctionList"));
  }

  @SuppressWarnings("restricted") // reads the CK_INTERFACE that the library pointed us to
  private static Optional<MemorySegment> byInterface(MemorySegment function) {
    var call =
        Linker.nativeLinker()
            .downcallHandle(FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    try (var arena = Arena.ofConfined()) {
      var found = arena.allocate(ADDRESS);
      long rv;
      try {
        rv =
            (long)
                call.invokeExact(
                    function, arena.allocateFrom("PKCS 11"), MemorySegment.NULL, found, 0L);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      if (rv != Ck.OK) {
        return Optional.empty();
      }
      var described = found.get(ADDRESS, 0).reinterpret(Layouts.INTERFACE_SIZE);
      return Optional.of(described.get(ADDRESS, Layouts.INTERFACE_LIST));
    }
  }

  @SuppressWarnings("restricted") // asks the library for its table
  private static Optional<MemorySegment> byFunctionList(MemorySegment function) {
    var call = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var found = arena.allocate(ADDRESS);
      long rv;
      try {
        rv = (long) call.invokeExact(function, found);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      return rv == Ck.OK ? Optional.of(found.get(ADDRESS, 0)) : Optional.empty();
    }
  }

  private static long functionListSize() {
    return Layouts.FUNCTIONS + 8 * Layouts.FUNCTION_COUNT;
  }

  /** On Windows CK_ULONG has four bytes and structures are packed: every offset would be wrong. */
  private static void requireLinuxLp64(Path path) {
    var machine = System.getProperty("os.arch", "");
    if (!System.getProperty("os.name", "").equals("Linux")
        || !(machine.equals("amd64") || machine.equals("aarch64"))) {
      throw new LibraryRejected(path, "cannot be used here: only 64-bit Linux is supported");
    }
  }

  private static String hash(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
