package io.sharekeep.threshold.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A shared library that was looked for: its symbols, or why there are none. */
public sealed interface NativeLibrary {
  /** What a JVM says by IllegalCallerException that was told to deny native access. */
  String NOT_ENABLED =
      "native code is not enabled: start Java with --enable-native-access=io.sharekeep.threshold";

  /** Found and mapped, for the life of the process. */
  record Loaded(SymbolLookup symbols) implements NativeLibrary {}

  /** Not usable; {@code reason} says what is wrong and what to do about it. */
  record Missing(String reason) implements NativeLibrary {}

  /** The symbols, for callers that know that the library is there. */
  default SymbolLookup required() {
    return switch (this) {
      case Loaded(var symbols) -> symbols;
      case Missing(var reason) -> throw new IllegalStateException(reason);
    };
  }

  /**
   * A library of the operating system. Only the given directories are searched, so that neither
   * {@code LD_LIBRARY_PATH} nor {@code java.library.path} can bring in another one.
   */
  @SuppressWarnings("restricted") // loading a native library is what this class is for
  static NativeLibrary ofSystem(List<Path> directories, String name, String advice) {
    for (var directory : directories) {
      var file = directory.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          return new Loaded(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
          return new Missing(file + " cannot be loaded on this machine: " + advice);
        } catch (IllegalCallerException e) {
          return new Missing(NOT_ENABLED);
        }
      }
    }
    return new Missing(name + " is in none of " + directories + ": " + advice);
  }

  /**
   * A library that a jar carries. Its bytes are compared with {@code sha256} before they touch the
   * disk; they go to a new directory that only this user can enter, and are deleted once mapped.
   */
  static NativeLibrary ofResource(ClassLoader loader, String resource, String sha256) {
    byte[] image;
    try (InputStream in = loader.getResourceAsStream(resource)) {
      if (in == null) {
        return new Missing(
            "the resource " + resource + " is not on the module path: reinstall Sharekeep");
      }
      image = in.readAllBytes();
    } catch (IOException e) {
      return new Missing("the resource " + resource + " cannot be read: reinstall Sharekeep");
    }
    return ofImage(image, resource, sha256);
  }

  /** As {@link #ofResource}, from the bytes of the library. */
  static NativeLibrary ofImage(byte[] image, String name, String sha256) {
    if (!MessageDigest.isEqual(sha256(image), HexFormat.of().parseHex(sha256))) {
      return new Missing(
          name
              + " is not the file that this version was built with (SHA-256 differs): reinstall"
              + " Sharekeep from a verified package");
    }
    try {
      return map(image);
    } catch (IOException | IllegalArgumentException e) {
      return new Missing(
          name
              + " cannot be loaded from "
              + System.getProperty("java.io.tmpdir")
              + ": it must be writable and not mounted noexec; point -Djava.io.tmpdir elsewhere");
    } catch (IllegalCallerException e) {
      return new Missing(NOT_ENABLED);
    }
  }

  @SuppressWarnings("restricted") // loading a native library is what this class is for
  private static Loaded map(byte[] image) throws IOException {
    var directory = Files.createTempDirectory("sharekeep-", ownerMay("rwx------"));
    var file = directory.resolve("library.so");
    try {
      Files.createFile(file, ownerMay("rw-------"));
      Files.write(file, image, StandardOpenOption.WRITE);
      return new Loaded(SymbolLookup.libraryLookup(file, Arena.global()));
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(directory);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> ownerMay(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  private static byte[] sha256(byte[] image) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(image);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The name of a processor as {@code choices} in the order x86-64, aarch64; empty for others. */
  static Optional<String> byProcessor(String x86, String arm) {
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> Optional.of(x86);
      case "aarch64" -> Optional.of(arm);
      default -> Optional.empty();
    };
  }
}
