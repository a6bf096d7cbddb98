package io.sharekeep.threshold.foreign;

import java.nio.file.Path;
import java.util.List;

/** The system's libcrypto of OpenSSL 3, loaded once. It sees public values only. */
public final class CryptoLibrary {
  private static final NativeLibrary LIBRARY = locate();

  private CryptoLibrary() {}

  /** The library; or why not. */
  public static NativeLibrary load() {
    return LIBRARY;
  }

  private static NativeLibrary locate() {
    var directories =
        NativeLibrary.byProcessor("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")
            .stream()
            .flatMap(multiarch -> List.of(multiarch, "/usr/lib64", "/usr/lib").stream())
            .map(Path::of)
            .toList();
    return NativeLibrary.ofSystem(
        directories, "libcrypto.so.3", "install the operating system's package (Debian: libssl3)");
  }
}
