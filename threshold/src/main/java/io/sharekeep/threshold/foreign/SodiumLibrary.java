package io.sharekeep.threshold.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;

/** The system's libsodium, loaded and initialised once. */
public final class SodiumLibrary {
  /** Written down, as a size that differs would mean another library; checked when loading. */
  static final long HMAC_STATE_LENGTH = 416;

  private static final String NAME = "libsodium.so.23";
  private static final String ADVICE =
      "install the operating system's package (Debian: libsodium23)";
  private static final NativeLibrary LIBRARY = initialised(locate());

  private SodiumLibrary() {}

  /** The library, initialised; or why not. */
  public static NativeLibrary load() {
    return LIBRARY;
  }

  /** As {@code 1.0.18}. */
  @SuppressWarnings("restricted") // the header promises a string that ends in zero
  public static String version() {
    var version =
        Downcalls.handle(
            LIBRARY.required(), "sodium_version_string", FunctionDescriptor.of(ADDRESS));
    try {
      return ((MemorySegment) version.invokeExact()).reinterpret(16).getString(0);
    } catch (Throwable t) {
      throw Downcalls.unexpected(t);
    }
  }

  private static NativeLibrary locate() {
    var directories =
        NativeLibrary.byProcessor("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")
            .stream()
            .flatMap(multiarch -> List.of(multiarch, "/usr/lib64", "/usr/lib").stream())
            .map(Path::of)
            .toList();
    return NativeLibrary.ofSystem(directories, NAME, ADVICE);
  }

  private static NativeLibrary initialised(NativeLibrary library) {
    return switch (library) {
      case NativeLibrary.Missing missing -> missing;
      case NativeLibrary.Loaded loaded -> {
        var failure = initialise(loaded.symbols());
        yield failure.isEmpty() ? loaded : new NativeLibrary.Missing(failure);
      }
    };
  }

  /** What went wrong, or nothing. Without sodium_init random numbers and dispatch are not ready. */
  private static String initialise(SymbolLookup symbols) {
    var init = Downcalls.handle(symbols, "sodium_init", FunctionDescriptor.of(JAVA_INT));
    var stateLength =
        Downcalls.handle(
            symbols, "crypto_auth_hmacsha512_statebytes", FunctionDescriptor.of(JAVA_LONG));
    try {
      if ((int) init.invokeExact() < 0) {
        return NAME + " does not initialise: " + ADVICE;
      }
      if ((long) stateLength.invokeExact() != HMAC_STATE_LENGTH) {
        return NAME + " has another HMAC state than its header says: " + ADVICE;
      }
      return "";
    } catch (Throwable t) {
      throw Downcalls.unexpected(t);
    }
  }
}
