package io.sharekeep.threshold.foreign;

/** libsecp256k1 as the jar of secp256k1-kmp carries it, loaded once. Its JNI face is not used. */
public final class Secp256k1Library {
  private static final String X86_64 =
      "fr/acinq/secp256k1/jni/native/linux-x86_64/libsecp256k1-jni.so";
  private static final String X86_64_SHA256 =
      "25f0f0bfd3e4b202563f772963ea803f0f949e5593476d3cd4b755f800bf7704";
  private static final String AARCH64 =
      "fr/acinq/secp256k1/jni/native/linux-aarch64/libsecp256k1-jni.so";
  private static final String AARCH64_SHA256 =
      "4e9c780ba134d130799c5f2d15ba90bf9fb477b34fc78d0f5b55fee90a734e37";

  private static final NativeLibrary LIBRARY = locate();

  private Secp256k1Library() {}

  /** The library; or why not. */
  public static NativeLibrary load() {
    return LIBRARY;
  }

  /** The release of secp256k1-kmp that carries it: the library itself does not tell its version. */
  public static String version() {
    return "(secp256k1-kmp 0.23.0)";
  }

  static String resource() {
    return NativeLibrary.byProcessor(X86_64, AARCH64).orElse(X86_64);
  }

  static String sha256() {
    return NativeLibrary.byProcessor(X86_64_SHA256, AARCH64_SHA256).orElse(X86_64_SHA256);
  }

  private static NativeLibrary locate() {
    if (NativeLibrary.byProcessor(X86_64, AARCH64).isEmpty()) {
      return new NativeLibrary.Missing(
          "libsecp256k1 is carried for x86-64 and aarch64 only, not for "
              + System.getProperty("os.arch"));
    }
    return NativeLibrary.ofResource(Secp256k1Library.class.getClassLoader(), resource(), sha256());
  }
}
