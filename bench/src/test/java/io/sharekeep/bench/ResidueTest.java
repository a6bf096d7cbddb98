package io.sharekeep.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sharekeep.bench.ProcessMemory.Hit;
import io.sharekeep.bench.ProcessMemory.Range;
import io.sharekeep.bench.ProcessMemory.Search;
import io.sharekeep.bench.ResidueChild.Habit;
import io.sharekeep.bench.ResidueChild.Stage;
import io.sharekeep.enclave.memory.SecretMemory;
import io.sharekeep.enclave.memory.SecretMemoryUnavailable;
import io.sharekeep.enclave.memory.SecretMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is left of shares, polynomials, nonces, channel keys and envelope keys outside the slab of a
 * process that generates keys and signs with them (secure-memory.md, section 8): in all memory that
 * it can write to, read from outside in the middle of rounds and afterwards; in its heap dumps; and
 * in the core file that the kernel makes of it. Every eight bytes of a secret count, in both byte
 * orders.
 *
 * <p>The slab itself is left out by its address where others can read it. Left out too, and not
 * claimed, is the signing thread's own stack while a round is open: compiled code spills there what
 * it works on (secure-memory.md, sections 3 and 5). Once the rounds are over it counts.
 */
@Timeout(value = 85, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ResidueTest {
  private static final int ROUNDS_LOOKED_INTO = 5;

  @TempDir private Path folder;

  @Test
  void roundsLeaveNothingOutsideASlabThatOthersCanRead() throws Exception {
    try (var child = new Child(Habit.KEEPS, SecretMode.MLOCK)) {
      child.look(EnumSet.allOf(Stage.class));

      assertEquals(ROUNDS_LOOKED_INTO, child.searches(Stage.ROUND).size());
      for (var stage : Stage.values()) {
        assertEquals(List.of(), child.hits(stage), stage.toString());
      }
      assertEquals(List.of(), child.hitsInHeapDump(Stage.SIGNED));
      assertEquals(List.of(), child.hitsInHeapDump(Stage.AFTER));
    }
  }

  /** The kernel was told to leave slabs out of cores, and shows secret memory to nobody. */
  @ParameterizedTest
  @MethodSource("modes")
  void aCoreHoldsNothingWhileTheSharesLieInTheirSlab(SecretMode mode) throws Exception {
    try (var child = new Child(Habit.KEEPS, mode)) {
      child.look(EnumSet.of(Stage.SIGNED));

      assertEquals(mode == SecretMode.MLOCK, child.isSlabReadable());
      assertEquals(List.of(), child.hits(Stage.SIGNED));
      assertEquals(List.of(), child.hitsInCore());
    }
  }

  @Test
  void copiesOfWhatWasDrawnAreFoundInEachPlace() throws Exception {
    try (var child = new Child(Habit.COPIES, SecretMode.MLOCK)) {
      child.look(EnumSet.allOf(Stage.class));

      for (var stage : Stage.values()) {
        assertTrue(child.hits(stage).size() > 100, stage.toString());
      }
      assertTrue(child.hitsInHeapDump(Stage.SIGNED).size() > 100);
      assertTrue(child.hitsInHeapDump(Stage.AFTER).size() > 100);
      assertTrue(child.hitsInCore().size() > 100);
    }
  }

  static List<SecretMode> modes() {
    try {
      return List.of(SecretMode.MLOCK, SecretMemory.REQUIRE_MEMFD_SECRET.probe());
    } catch (SecretMemoryUnavailable e) {
      System.err.println("memfd_secret is not tested here: " + e.getMessage());
      return List.of(SecretMode.MLOCK);
    }
  }

  /** A process that works and is looked at whenever it stops. */
  private final class Child implements AutoCloseable {
    private final Process process;
    private final ProcessMemory memory;
    private final Range slab;
    private final Map<Stage, List<Search>> searches = new EnumMap<>(Stage.class);

    Child(Habit habit, SecretMode mode) throws IOException {
      // From a shell, which alone can say that a core may be written.
      var command =
          List.of(
              "sh",
              "-c",
              "ulimit -c unlimited 2>/dev/null; exec \"$@\"",
              "sh",
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx24m",
              "-XX:+UseSerialGC",
              "-XX:-UseOnStackReplacement",
              "-XX:-UsePerfData",
              "-XX:ErrorFile=/dev/null",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              ResidueChild.class.getName(),
              habit.name(),
              mode.name(),
              folder.toString());
      this.process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      this.memory = ProcessMemory.of(process);
      assumeTrue(memory.isReadable(), "this system does not let a parent read a child's memory");
      var first = line().split(" ", -1);
      long from = Long.parseUnsignedLong(first[0], 16);
      this.slab = new Range(from, from + Long.parseLong(first[1]));
    }

    private String line() throws IOException {
      var line = process.inputReader().readLine();
      if (line == null) {
        throw new IllegalStateException("the child has ended");
      }
      return line;
    }

    /** Looks at it in some stages and leaves it waiting in the last of them. */
    void look(EnumSet<Stage> stages) throws IOException, InterruptedException {
      var last = Collections.max(stages);
      for (var stage = Stage.valueOf(line()); ; stage = Stage.valueOf(line())) {
        if (stages.contains(stage)) {
          searches
              .computeIfAbsent(stage, _ -> new ArrayList<>())
              .add(memory.search(words(), outsideTheClaim(stage)));
        }
        if (stage == last) {
          assertTrue(words().size() > 1000, "there was something to look for");
          return;
        }
        process.outputWriter().write('\n');
        process.outputWriter().flush();
      }
    }

    private List<Range> outsideTheClaim(Stage stage) throws IOException, InterruptedException {
      return switch (stage) {
        case ROUND -> List.of(slab, memory.stackOfTheReader());
        case SIGNED -> List.of(slab);
        case AFTER -> List.of();
      };
    }

    /** Of all that its slabs have held until now. */
    private SecretWords words() throws IOException {
      var sent = folder.resolve(ResidueChild.SENT);
      return SecretWords.of(
          Files.readAllBytes(folder.resolve(ResidueChild.SECRETS)),
          Files.readAllBytes(folder.resolve(ResidueChild.OTHERS)),
          Files.exists(sent) ? Files.readAllBytes(sent) : new byte[0]);
    }

    List<Search> searches(Stage stage) {
      return searches.getOrDefault(stage, List.of());
    }

    /** Whether whoever may read this process's memory reads its slabs too. */
    boolean isSlabReadable() {
      return searches.values().stream()
          .flatMap(List::stream)
          .flatMap(search -> search.unreadable().stream())
          .noneMatch(range -> range.has(slab.from()));
    }

    /** But for what has been told to others since. */
    List<Hit> hits(Stage stage) throws IOException {
      var words = words();
      return searches(stage).stream()
          .flatMap(search -> search.hits().stream())
          .filter(hit -> words.has(hit.word()))
          .toList();
    }

    List<Hit> hitsInHeapDump(Stage stage) throws IOException {
      return ProcessMemory.search(folder.resolve(stage.heapDump()), words());
    }

    /** Ends it. */
    List<Hit> hitsInCore() throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-ABRT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it ends");
      try (var files = Files.list(folder)) {
        var core =
            files.filter(file -> file.getFileName().toString().startsWith("core")).findFirst();
        assumeTrue(core.isPresent(), "this kernel writes no core into the working directory");
        return ProcessMemory.search(core.get(), words());
      }
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
