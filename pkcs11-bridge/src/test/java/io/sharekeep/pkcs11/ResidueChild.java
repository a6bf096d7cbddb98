package io.sharekeep.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens a blob many times whose plaintext nobody in this JVM has ever had on the heap, then writes
 * a heap dump and waits to be looked at from outside; then it leaves the plaintext where it was
 * opened to, and then copies it to an array.
 */
final class ResidueChild {
  private static final int SIZE = 200 * 1024;
  private static final int MARKER = 24;
  private static final int TIMES = 100;

  private ResidueChild() {}

  /** Backend, library, label, PIN file and a folder; goes on at each line of its input. */
  public static void main(String[] arguments) throws IOException {
    var library = TokenLibrary.at(Path.of(arguments[1])).through(Backend.valueOf(arguments[0]));
    var folder = Path.of(arguments[4]);
    try (var arena = Arena.ofConfined();
        var token = Tokens.open(TokenConfiguration.of(library, arguments[2]))) {
      token.login(new PinFile(Path.of(arguments[3])));
      var kek = token.find(KeySpec.KEK.name()).orElseThrow();
      var aad = Aad.of(new byte[8]);
      var plain = arena.allocate(SIZE);
      var marker = plain.asSlice(0, MARKER);
      token.random(marker);
      write(marker, folder.resolve("marker"));
      for (long at = MARKER; at + MARKER <= SIZE; at += MARKER) {
        plain.asSlice(at, MARKER).copyFrom(marker);
      }
      var sealed = arena.allocate(token.sealedSize(kek, SIZE));
      token.seal(kek, plain, aad, sealed);
      plain.fill((byte) 0);
      var out = arena.allocate((long) SIZE + token.openSlack(kek));
      for (int i = 0; i < TIMES; i++) {
        token.open(kek, sealed, aad, out);
        out.fill((byte) 0);
      }
      show("wiped", folder);
      token.open(kek, sealed, aad, out);
      show("left", folder); // control
      var kept = out.toArray(JAVA_BYTE);
      out.fill((byte) 0);
      show("copied", folder); // control
      token.random(
          out.asSlice(0, 1 + (kept[0] & 1))); // what is used after the look is alive during it
    }
  }

  private static void show(String what, Path folder) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(folder.resolve(what + ".hprof").toString(), false);
    System.out.println(what);
    if (System.in.read() < 0) {
      throw new IllegalStateException("nobody looks any more");
    }
  }

  private static void write(MemorySegment marker, Path file) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(marker.asByteBuffer());
    }
  }
}
