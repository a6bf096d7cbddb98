package io.sharekeep.pkcs11.terms;

import java.util.Arrays;
import java.util.Optional;

/** Through what a token is reached. In one process never both on one library. */
public enum Backend {
  /** The library's C functions, called directly. It does everything. */
  NATIVE("native"),
  /** The JDK's SunPKCS11 provider; what it cannot do stands in {@link TokenReport#limits}. */
  SUN("sunpkcs11");

  private final String label;

  Backend(String label) {
    this.label = label;
  }

  /** As configurations and reports say it. */
  public String label() {
    return label;
  }

  /** The one of that label. */
  public static Optional<Backend> of(String label) {
    return Arrays.stream(values()).filter(backend -> backend.label.equals(label)).findFirst();
  }
}
