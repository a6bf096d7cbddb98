package io.sharekeep.attestation.verify;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var out = writer(FileDescriptor.out);
    var err = writer(FileDescriptor.err);
    int exit = SharekeepVerify.run(InstantSource.system(), out, err, arguments);
    out.flush();
    err.flush();
    System.exit(exit);
  }

  /** Tables hold arrows and dashes whatever the terminal's locale says. */
  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }
}
