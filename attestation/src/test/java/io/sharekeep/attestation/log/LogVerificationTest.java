package io.sharekeep.attestation.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sharekeep.attestation.log.LogVerification.Refused;
import io.sharekeep.attestation.log.LogVerification.Whole;
import io.sharekeep.attestation.note.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogVerificationTest {
  private static final int SIZE = 260;

  @TempDir Path folder;

  private final SampleLog log = SampleLog.of(SIZE);

  private LogVerification.Result verified(Checkpoint head) {
    return LogVerification.run(new TileFolder(folder, head.size()), head);
  }

  private Refused refused(Checkpoint head) {
    return assertInstanceOf(Refused.class, verified(head));
  }

  @Test
  void aCopyThatIsWholeIsTold() throws IOException {
    log.copy(folder);
    var whole = assertInstanceOf(Whole.class, verified(log.head()));
    assertEquals(log.head(), whole.head());
    assertEquals(log.state(), whole.state());
    assertEquals(SIZE / 5, whole.kinds().get(EntryKind.BANNED));
    assertEquals(1 + (SIZE - 1) / 3, whole.commit());
  }

  @Test
  void aCopyVouchesForAnySmallerHeadToo() throws IOException {
    log.copy(folder);
    for (int size : new int[] {257, 259}) {
      assertEquals(
          new Refused("tile/0/001.p/" + (size - 256), "is missing"), refused(log.head(size)));
    }
    assertInstanceOf(Whole.class, verified(log.head(256)));
  }

  @Test
  void anyByteThatIsChangedIsRefusedWithItsPlace() throws IOException {
    log.copy(folder);
    List<Path> files;
    try (var all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertEquals(5, files.size(), "two tiles and two bundles below, one tile above");
    for (var file : files) {
      byte[] was = Files.readAllBytes(file);
      for (int at = 0; at < was.length; at += Math.max(1, was.length / 60)) {
        byte[] bent = was.clone();
        bent[at] ^= (byte) (1 << at % 8);
        Files.write(file, bent);
        var refused = refused(log.head());
        assertEquals(
            true,
            refused.where().startsWith("entry ")
                || refused.where().equals(folder.relativize(file).toString()),
            file + " at " + at + ": " + refused);
      }
      Files.write(file, was);
    }
    assertInstanceOf(Whole.class, verified(log.head()));
  }

  @Test
  void aBentEntryIsNamedByItsIndex() throws IOException {
    log.copy(folder);
    var bundle = folder.resolve("tile/entries/000");
    byte[] bytes = Files.readAllBytes(bundle);
    int at = indexOf(bytes, "{\"n\":133}");
    bytes[at + 5] = '9';
    Files.write(bundle, bytes);
    assertEquals(
        new Refused("entry 133", "does not hash to what tile/0/000 says"), refused(log.head()));
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, UTF_8).indexOf(text);
  }

  /** Whoever writes entries and tiles anew cannot write what was signed. */
  @ParameterizedTest
  @ValueSource(strings = {"removed", "swapped", "added", "tail cut"})
  void whatWasRewrittenWithItsTilesIsNotWhatWasSigned(String how) throws IOException {
    var head = log.head();
    var leaves = log.leaves();
    switch (how) {
      case "removed" -> leaves.remove(100);
      case "swapped" -> Collections.swap(leaves, 100, 101);
      case "added" -> leaves.add(100, leaves.get(100));
      default -> leaves.removeLast();
    }
    log.copy(folder);
    assertEquals(
        switch (how) {
          case "removed" -> new Refused("entry 100", "says that it is entry 101");
          case "swapped" -> new Refused("entry 100", "says that it is entry 101");
          case "added" -> new Refused("entry 101", "says that it is entry 100");
          default -> new Refused("tile/0/001.p/4", "is missing");
        },
        refused(head));
  }

  @Test
  void entriesOfTheirOwnMakingAreNotWhatWasSigned() throws IOException {
    var other = new SampleLog();
    IntStream.range(0, SIZE).forEach(i -> other.append(i, 5, "t"));
    other.copy(folder);
    assertEquals(
        new Refused("the checkpoint", "was signed over other entries than these"),
        refused(log.head()));
  }

  @Test
  void whatEntriesSayOfThemselvesMustHold() throws IOException {
    assertEquals("entry 3 was written by commit 1, after 9", saying(l -> l.append(3, 1, "t")));
    assertEquals("entry 3 is another tenant's", saying(l -> l.append(3, 9, "u")));
    assertEquals("entry 3 says that it is entry 4", saying(l -> l.append(4, 9, "t")));
    assertEquals(
        "entry 3 is not of the form sharekeep.log/v1",
        saying(l -> l.leaves().add("{}".getBytes(UTF_8))));
    assertEquals(
        "entry 3 carries a state digest that does not follow from the one before",
        saying(l -> {
          l.append(3, 9, "t");
          var leaf = LogEntry.read(l.leaves().removeLast()).orElseThrow();
          l.leaves()
              .add(
                  new LogEntry(leaf.at(), 9, leaf.entry(), 3, leaf.kind(), "1".repeat(64), "t")
                      .leaf());
        }));
  }

  private String saying(Consumer<SampleLog> fourth) throws IOException {
    var odd = new SampleLog();
    IntStream.range(0, 3).forEach(i -> odd.append(i, 9, "t"));
    fourth.accept(odd);
    odd.copy(folder);
    var refused = refused(odd.head());
    return refused.where() + " " + refused.why();
  }

  @Test
  void aLogWithoutEntriesIsWhole() {
    assertEquals(
        new Whole(new SampleLog().head(), 0, StateDigest.FIRST, Map.of()),
        verified(new SampleLog().head()));
  }

  @Test
  void anEntryReadsAsItWasWritten() {
    for (byte[] leaf : log.leaves()) {
      assertArrayEquals(leaf, LogEntry.read(leaf).orElseThrow().leaf());
    }
  }

  @Test
  void anEntryOfAnyOtherFormIsNone() {
    var good = new String(log.leaves().get(2), UTF_8);
    for (var bad :
        List.of(
            "",
            "{}",
            good + " ",
            " " + good,
            good.replace("\"commit\":1", "\"commit\":01"),
            good.replace("\"commit\":1", "\"commit\":-1"),
            good.replace("\"commit\":1", "\"commit\":99999999999999999999"),
            good.replace("\"index\":2", "\"index\":2.0"),
            good.replace("banned", "banished"),
            good.replace("log/v1", "log/v2"),
            good.replace(",\"state\"", ", \"state\""),
            good.replace("\"tenant\":\"t\"", "\"tenant\":\"t\",\"x\":1"),
            good.replace("{\"n\":2}", "2"),
            good.replace(":00.500Z", ":00.5Z"),
            good.replace("2026-11-23T", "2026-11-23 "),
            good.replaceAll("\"state\":\"[0-9a-f]{64}", "\"state\":\"" + "A".repeat(64)),
            good.replaceAll("\"state\":\"[0-9a-f]{64}", "\"state\":\"" + "a".repeat(63)))) {
      assertEquals(Optional.empty(), LogEntry.read(bad.getBytes(UTF_8)), bad);
    }
    for (int length = 0; length < good.length(); length++) {
      assertEquals(
          Optional.empty(),
          LogEntry.read(Arrays.copyOf(log.leaves().get(2), length)),
          length + " bytes of it");
    }
  }
}
