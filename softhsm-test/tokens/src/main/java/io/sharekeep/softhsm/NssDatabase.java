package io.sharekeep.softhsm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A fresh database of NSS softoken with its PIN set: one token. A process can have one such
 * database open through one copy of the library.
 *
 * <p>It is made through the library's own C functions, from a private copy of it, so that neither
 * certutil is needed nor a database disturbed that this process has open.
 *
 * @param library the PKCS#11 module
 * @param parameters what C_Initialize must be given as pReserved
 * @param label the token's
 * @param pinFile holds its user PIN; mode 0600
 * @param directory holds the database
 */
public record NssDatabase(
    Path library, String parameters, String label, Path pinFile, Path directory) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LABEL = "NSS Certificate DB";
  private static final long SLOT = 2;
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/libsoftokn3.so"),
          Path.of("/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/libsoftokn3.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/nss/libsoftokn3.so"),
          Path.of("/usr/lib64/libsoftokn3.so"));

  /** Why there is no NSS here, and what to do about it; empty if there is. */
  public static Optional<String> missing() {
    return find().isPresent()
        ? Optional.empty()
        : Optional.of("NSS is not installed: no libsoftokn3.so; apt install libnss3");
  }

  /**
   * Makes a database in a new directory of {@code parent}.
   *
   * @param name the directory's name begins with it
   */
  public static NssDatabase make(Path parent, String name) {
    var library = find().orElseThrow(() -> new IllegalStateException(missing().orElse("")));
    try {
      var root = Files.createDirectories(parent.toAbsolutePath());
      var directory = Files.createTempDirectory(root, name + "-");
      var pin = random();
      var pinFile =
          Files.createFile(
              directory.resolve("pin"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(pinFile, pin + "\n");
      var database = Files.createDirectory(directory.resolve("db"));
      var made = new NssDatabase(library, parameters(database), LABEL, pinFile, directory);
      var copy = Files.copy(library, directory.resolve("libsoftokn3.so"));
      setPin(copy, made.parameters(), pin);
      Files.delete(copy); // it stays loaded, which harms nobody
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the database. A library that has it open answers its next use with an error. */
  public void delete() {
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String parameters(Path database) {
    return "configdir='sql:"
        + database
        + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags= updatedir=''"
        + " updateCertPrefix='' updateKeyPrefix='' updateid='' updateTokenDescription=''";
  }

  private static Optional<Path> find() {
    return LIBRARIES.stream().filter(Files::isRegularFile).findFirst();
  }

  private static String random() {
    var random = new byte[8];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** A new database takes the officer's empty PIN, and then the user's. */
  private static void setPin(Path library, String parameters, String pin) {
    try (var arena = Arena.ofConfined()) {
      var table = new Table(functions(library, arena));
      var arguments = arena.allocate(48, 8);
      arguments.set(JAVA_LONG, 32, 2L); // CKF_OS_LOCKING_OK
      arguments.set(ADDRESS, 40, arena.allocateFrom(parameters));
      table.call("C_Initialize", 0, arguments);
      var session = arena.allocate(JAVA_LONG);
      table.call("C_OpenSession", 12, SLOT, 6L, MemorySegment.NULL, MemorySegment.NULL, session);
      long handle = session.get(JAVA_LONG, 0);
      table.call("C_Login", 18, handle, 0L, MemorySegment.NULL, 0L);
      table.call("C_InitPIN", 10, handle, arena.allocateFrom(pin), (long) pin.length());
      table.call("C_Finalize", 1, MemorySegment.NULL);
    }
  }

  @SuppressWarnings("restricted") // loads a PKCS#11 module, for tests
  private static MemorySegment functions(Path library, Arena arena) {
    var found = arena.allocate(ADDRESS);
    var function =
        SymbolLookup.libraryLookup(library, Arena.global()).find("C_GetFunctionList").orElseThrow();
    try {
      var rv =
          Linker.nativeLinker()
              .downcallHandle(function, FunctionDescriptor.of(JAVA_LONG, ADDRESS))
              .invokeWithArguments(found);
      if (!rv.equals(0L)) {
        throw new IllegalStateException("C_GetFunctionList returned " + rv);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return found.get(ADDRESS, 0).reinterpret(552);
  }

  private record Table(MemorySegment list) {
    @SuppressWarnings("restricted") // calls a PKCS#11 module, for tests
    void call(String name, int index, Object... arguments) {
      var layouts = new MemoryLayout[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        layouts[i] = arguments[i] instanceof MemorySegment ? ADDRESS : JAVA_LONG;
      }
      try {
        var rv =
            Linker.nativeLinker()
                .downcallHandle(
                    list.get(ADDRESS, 8 + 8L * index), FunctionDescriptor.of(JAVA_LONG, layouts))
                .invokeWithArguments(arguments);
        if (!rv.equals(0L)) {
          throw new IllegalStateException(name + " of NSS returned " + rv);
        }
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
