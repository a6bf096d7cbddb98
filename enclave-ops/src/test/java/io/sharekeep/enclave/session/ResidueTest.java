package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sharekeep.enclave.ChildJvm;
import io.sharekeep.softhsm.Needles;
import io.sharekeep.softhsm.ProcessMemory;
import io.sharekeep.softhsm.SoftTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of shares, of session secrets and of the PIN in a process that made a key and
 * signed: its memory as a debugger sees it, what a core of it would hold, and its heap dump.
 */
@SoftTokens
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResidueTest {
  /** So much of a secret in one place is a find; a scalar has two of them. */
  private static final int PIECE = 16;

  @TempDir private Path folder;

  private record Hits(int memory, int core, int heap) {}

  /**
   * What was found of what.
   *
   * @param secrets how many pieces of session secrets were looked for
   */
  private record Found(int secrets, Hits shares, Hits session, Hits pin) {}

  /** The same process then leaves copies on purpose, so that the search is shown to find. */
  @Test
  void nothingIsLeftThroughTheNativeBackend() throws Exception {
    assertNothingLeft("native", "native, ready", true);
  }

  /** Which makes keys and signs as the other does, and declares that its PIN is on the heap. */
  @Test
  void nothingButThePinIsLeftThroughTheSecondBackend() throws Exception {
    assertNothingLeft("sunpkcs11", "sunpkcs11, ready, pin-on-heap", false);
  }

  private void assertNothingLeft(String backend, String says, boolean withoutPin) throws Exception {
    var process =
        new ChildJvm().flag("-Xmx96m").start(ResidueChild.class, backend, folder.toString());
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertEquals(says, lines.readLine());
      assertEquals("native, ready", lines.readLine(), "the other party");
      assertEquals("wiped", lines.readLine());
      assumeTrue(ProcessMemory.isReadable(process.pid()), "this system does not let a parent look");
      var none = new Hits(0, 0, 0);
      var session = session();
      var clean = look(process.pid(), session, folder.resolve("wiped.hprof"));
      assertTrue(clean.secrets() > 20, clean.toString());
      assertEquals(new Found(clean.secrets(), none, none, withoutPin ? none : clean.pin()), clean);

      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      assertEquals("left", lines.readLine());
      var control = look(process.pid(), session, folder.resolve("left.hprof"));
      for (var hits : List.of(control.shares(), control.session(), control.pin())) {
        assertTrue(hits.memory() > 0 && hits.core() > 0 && hits.heap() > 0, control.toString());
      }
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Found look(long pid, List<byte[]> session, Path dump) throws IOException {
    var pin = Files.readString(folder.resolve("pin")).strip().getBytes(UTF_8);
    var needles = Needles.of(List.of(shares(), session, List.of(pin)));
    var core = ProcessMemory.count(pid, true, needles);
    var kept = ProcessMemory.count(pid, false, needles);
    var heap = ProcessMemory.count(dump, needles);
    var hits =
        IntStream.range(0, core.length)
            .mapToObj(i -> new Hits(core[i] + kept[i], core[i], heap[i]))
            .toList();
    return new Found(session.size(), hits.get(0), hits.get(1), hits.get(2));
  }

  /** In both byte orders. */
  private List<byte[]> shares() throws IOException {
    var pieces = new ArrayList<byte[]>();
    for (int party = 1; party <= 2; party++) {
      var share = Files.readAllBytes(folder.resolve("share-" + party));
      assertEquals(32, share.length);
      for (int at = 0; at < share.length; at += PIECE) {
        var piece = Arrays.copyOfRange(share, at, at + PIECE);
        pieces.add(piece);
        pieces.add(reversed(piece));
      }
    }
    return pieces;
  }

  /** What stood in secret memory between two rounds and does not stand there after the end. */
  private List<byte[]> session() throws IOException {
    var gone = new TreeSet<byte[]>(Arrays::compare);
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.startsWith("keygen-") || name.startsWith("sign-")) {
          gone.addAll(pieces(Files.readAllBytes(file)));
        }
      }
    }
    gone.removeAll(pieces(Files.readAllBytes(folder.resolve("after"))));
    var both = new ArrayList<>(gone);
    gone.forEach(piece -> both.add(reversed(piece)));
    return both;
  }

  /** At every multiple of eight, where scalars lie; what is all but empty says nothing. */
  private static Set<byte[]> pieces(byte[] memory) {
    var pieces = new TreeSet<byte[]>(Arrays::compare);
    for (int at = 0; at + PIECE <= memory.length; at += 8) {
      if (values(memory, at) > PIECE / 2) {
        pieces.add(Arrays.copyOfRange(memory, at, at + PIECE));
      }
    }
    return pieces;
  }

  /** How many different bytes the piece there has. */
  private static int values(byte[] memory, int at) {
    int values = 0;
    for (int i = at; i < at + PIECE; i++) {
      int earlier = at;
      while (memory[earlier] != memory[i]) {
        earlier++;
      }
      if (earlier == i) {
        values++;
      }
    }
    return values;
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
