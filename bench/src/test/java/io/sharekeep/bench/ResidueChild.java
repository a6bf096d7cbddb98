package io.sharekeep.bench;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.PoolSizes;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.memory.SlabPool;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Generates keys and signs with them in one slab, and stops to be looked at: within the rounds,
 * with all rounds over and the shares still in their slab, and with the slab given back.
 */
final class ResidueChild {
  /** What the slabs held. */
  static final String SECRETS = "secrets";

  /** What the slabs of other keys held: what is in both is no secret. */
  static final String OTHERS = "others";

  /** What the parties told each other. */
  static final String SENT = "sent";

  private static final int WARM_UP = 150;

  private final Path folder;

  private ResidueChild(Path folder) {
    this.folder = folder;
  }

  /** What it does with what it draws at random. */
  enum Habit {
    /** Leaves it in its slab. */
    KEEPS,
    /** Control: copies it to arrays as well. */
    COPIES
  }

  /** Where it stops; the name is the line that it prints, and it goes on when it reads one. */
  enum Stage {
    /** A round is open: nonces, polynomials, shares and channel keys are in use. */
    ROUND,
    /** All rounds are over; shares and envelope keys lie in their slab. */
    SIGNED,
    /** The slab is given back. */
    AFTER;

    /** The heap dump that is there from this stage on. */
    String heapDump() {
      return name() + ".hprof";
    }
  }

  /** Habit, mode of the slabs, and a folder for the files. */
  public static void main(String[] arguments) throws Exception {
    new ResidueChild(Path.of(arguments[2]))
        .run(Habit.valueOf(arguments[0]), SecretMode.valueOf(arguments[1]));
  }

  private void run(Habit habit, SecretMode mode) throws Exception {
    try (var pool = SlabPool.open(mode, new PoolSizes(0, 0, 4, 0))) {
      TappedScratch tap;
      try (var slab = pool.session(SizeClass.K256, new CallerId("test"), Duration.ofHours(1))) {
        var first = slab.allocate(64); // where the slab begins
        System.out.println(Long.toHexString(first.address()) + " " + slab.sizeClass().bytes());
        try (var others =
            new TappedScratch(slab, new OsRandom(), folder.resolve(OTHERS), () -> {})) {
          otherKeys(others);
        }
        tap =
            new TappedScratch(
                slab, new OsRandom(), folder.resolve(SECRETS), () -> stop(Stage.ROUND));
        if (habit == Habit.COPIES) {
          tap.copying();
        }
        tap.watch(0, 1);
        var rounds = new ResidueRounds(tap);
        for (var suite : ResidueRounds.SUITES) {
          tap.watch(1, 150);
          write(rounds.generate(suite));
        }
        tap.rest();
        for (int i = 0; i < WARM_UP; i++) {
          rounds.sign();
        }
        tap.watch(3, 25);
        write(rounds.sign());
        tap.writeAll();
        dump(Stage.SIGNED);
        stop(Stage.SIGNED);
      }
      dump(Stage.AFTER);
      stop(Stage.AFTER);
      tap.close(); // what it copied was alive until here
    }
  }

  private static void otherKeys(TappedScratch memory) {
    memory.watch(0, 1);
    var rounds = new ResidueRounds(memory);
    ResidueRounds.SUITES.forEach(rounds::generate);
    rounds.sign();
    memory.writeAll();
  }

  private static void stop(Stage stage) {
    System.out.println(stage);
    try {
      if (System.in.read() < 0) {
        throw new IllegalStateException("nobody is looking");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(List<SignedEnvelope> sent) throws IOException {
    for (var envelope : sent) {
      Files.write(
          folder.resolve(SENT),
          envelope.encoded(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private void dump(Stage stage) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(folder.resolve(stage.heapDump()).toString(), false);
  }
}
