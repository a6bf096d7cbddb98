package io.sharekeep.appliance.cli;

import io.sharekeep.pkcs11.edge.EdgeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Certificate files as {@code init} writes them. */
public final class EdgeCertificates {
  private EdgeCertificates() {}

  /** Over the token's key, for so long. */
  public static void write(Path file, EdgeToken token, Duration life) throws IOException {
    Files.writeString(
        file, PemFiles.pem("CERTIFICATE", Certificates.over(token, "sharekeep", life)));
  }

  /** One that ended a minute ago. */
  public static void writeExpired(Path file, EdgeToken token) throws IOException {
    write(file, token, Duration.ofMinutes(-1));
  }
}
