package io.sharekeep.bench;

import io.sharekeep.threshold.wire.Suite;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * {@code ./dev bench ecdsa}: CPU time and bytes of one party for key generation with base OT and
 * for a signature by t parties, one-shot or with a presignature, envelopes and all. A table for
 * people; the last line is one JSON object.
 */
public final class EcdsaBench {
  /** CPU spent before anything counts. */
  private static final long WARM_UP_NANOS = 8_000_000_000L;

  private static final Size BUDGETED = new Size(2, 3);

  private final Workbench bench = Workbench.open();

  private record Size(int threshold, int parties) {
    String label() {
      return threshold + "-of-" + parties;
    }
  }

  /** CPU in milliseconds and bytes sent, of one party. */
  private record Cost(
      Windows.Measured generate,
      long generateBytes,
      Windows.Measured sign,
      long signBytes,
      Windows.Measured online) {}

  private EcdsaBench() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    new EcdsaBench().run();
  }

  private void run() {
    bench
        .groups()
        .choices()
        .forEach(choice -> System.out.println(choice.group() + " by " + choice.backend()));
    System.out.println(
        "CPU of one party in ms: median of the quietest window of a second, and of all windows;");
    System.out.println("what the HSM signs and opens, disk and network are left out.");
    System.out.printf(
        "%-8s %9s %10s | %8s %8s %8s %8s %8s %8s %9s | %8s | %10s %10s %10s%n",
        "size",
        "keygen",
        "bytes",
        "R1",
        "R2",
        "R3",
        "finish",
        "combine",
        "whole",
        "bytes",
        "online",
        "keygen/all",
        "whole/all",
        "online/all");
    var costs = new TreeMap<String, Cost>();
    for (var size : List.of(new Size(2, 2), BUDGETED, new Size(3, 5), new Size(5, 9))) {
      var cost = cost(size);
      costs.put(size.label(), cost);
      var steps = cost.sign().quietest();
      System.out.printf(
          Locale.ROOT,
          "%-8s %9.1f %10d | %8.3f %8.3f %8.3f %8.3f %8.3f %8.3f %9d | %8.3f"
              + " | %10.1f %10.3f %10.3f%n",
          size.label(),
          cost.generate().whole(),
          cost.generateBytes(),
          steps.get(0),
          steps.get(1),
          steps.get(2),
          steps.get(3),
          steps.get(4),
          cost.sign().whole(),
          cost.signBytes(),
          cost.online().whole(),
          cost.generate().typical(),
          cost.sign().typical(),
          cost.online().typical());
    }
    var small = costs.get("2-of-3");
    var large = costs.get("5-of-9");
    if (small == null || large == null) {
      throw new IllegalStateException("2-of-3 and 5-of-9 were not measured");
    }
    System.out.printf(
        Locale.ROOT,
        "{\"sign_2of3_ms\":%.4f,\"online_ms\":%.4f,\"dkg_2of3_ms\":%.2f,"
            + "\"bytes_sign_2of3\":%d,\"sign_5of9_ms\":%.4f}%n",
        small.sign().whole(),
        small.online().whole(),
        small.generate().whole(),
        small.signBytes(),
        large.sign().whole());
  }

  private Cost cost(Size size) {
    var parties = BenchParty.committee(size.parties(), bench);
    var first = generated(size, parties);
    var made = first.made();
    var keys =
        new Windows(() -> {
          var another = generated(size, parties);
          another.made().close();
          return new long[] {another.nanos()};
        });
    var signing = new EcdsaRun(bench, made, parties.subList(0, size.threshold()));
    var signatures = new Windows(() -> signing.run().costs());
    var online = new Windows(() -> new long[] {signing.online()});
    signatures.warmUp(WARM_UP_NANOS);
    online.warmUp(WARM_UP_NANOS / 4);
    boolean large = size.parties() > 5; // a key takes a minute
    Windows.inTurn(size.equals(BUDGETED) ? 12 : large ? 0 : 3, keys);
    Windows.inTurn(size.equals(BUDGETED) ? 15 : 5, signatures, online);
    long bytes = signing.run().bytes();
    made.close();
    return new Cost(
        large ? Windows.Measured.once(first.nanos()) : keys.measured(),
        first.bytes(),
        signatures.measured(),
        bytes,
        online.measured());
  }

  /** A key, what the first party sent, and CPU of one party without what the HSM signs. */
  private record Generated(KeyGenerationRun.Made made, long bytes, long nanos) {}

  private Generated generated(Size size, List<BenchParty> parties) {
    long identity = parties.stream().mapToLong(BenchParty::identityNanos).sum();
    long began = CpuClock.nanos();
    var run = new KeyGenerationRun(bench, Suite.DKLS23_SECP256K1, size.threshold(), parties);
    var made = run.run();
    long took = CpuClock.nanos() - began;
    identity = parties.stream().mapToLong(BenchParty::identityNanos).sum() - identity;
    return new Generated(made, run.sent(), (took - identity) / size.parties());
  }
}
