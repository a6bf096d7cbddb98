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
import java.util.ArrayList;

/**
 * Opens a blob many times whose plaintext nobody in this JVM has ever had on the heap, then writes
 * a heap dump and waits to be looked at from outside.
 */
final class ResidueChild {
  private static final int SIZE = 200 * 1024;
  private static final int MARKER = 24;
  private static final int TIMES = 100;

  private ResidueChild() {}

  /** What it does with what it opened. */
  enum Habit {
    /** Wipes it. */
    WIPES,
    /** Control: leaves it. */
    LEAVES,
    /** Control: copies it to an array, and wipes the rest. */
    COPIES
  }

  /** Backend, habit, library, label, PIN file, and files for the marker and the heap dump. */
  public static void main(String[] arguments) throws IOException {
    var library = TokenLibrary.at(Path.of(arguments[2])).through(Backend.valueOf(arguments[0]));
    var habit = Habit.valueOf(arguments[1]);
    var kept = new ArrayList<byte[]>();
    try (var arena = Arena.ofConfined();
        var token = Tokens.open(TokenConfiguration.of(library, arguments[3]))) {
      token.login(new PinFile(Path.of(arguments[4])));
      var kek = token.find(KeySpec.KEK.name()).orElseThrow();
      var aad = Aad.of(new byte[8]);
      var plain = arena.allocate(SIZE);
      var marker = plain.asSlice(0, MARKER);
      token.random(marker);
      write(marker, Path.of(arguments[5]));
      for (long at = MARKER; at + MARKER <= SIZE; at += MARKER) {
        plain.asSlice(at, MARKER).copyFrom(marker);
      }
      var sealed = arena.allocate(token.sealedSize(kek, SIZE));
      token.seal(kek, plain, aad, sealed);
      plain.fill((byte) 0);
      var out = arena.allocate((long) SIZE + token.openSlack(kek));
      for (int i = 0; i < TIMES; i++) {
        token.open(kek, sealed, aad, out);
        if (habit == Habit.COPIES && i == 0) {
          kept.add(out.toArray(JAVA_BYTE));
        }
        if (habit != Habit.LEAVES) {
          out.fill((byte) 0);
        }
      }
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(arguments[6], false);
      System.out.println("ready " + kept.size());
      if (System.in.read() < 0) {
        return; // looked at
      }
      token.random(out); // what is used after the look is alive during it
    }
  }

  private static void write(MemorySegment marker, Path file) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(marker.asByteBuffer());
    }
  }
}
