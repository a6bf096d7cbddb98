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

  private static final int SIGNATURES = 101;
  private static final int KEYS = 5;

  private final Workbench bench = Workbench.open();

  private record Size(int threshold, int parties) {
    String label() {
      return threshold + "-of-" + parties;
    }
  }

  /** CPU in milliseconds and bytes sent, of one party. */
  private record Cost(double generate, long generateBytes, EcdsaRun.Cost sign, double online) {}

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
        "CPU of one party in ms, median of " + SIGNATURES + " signatures, " + KEYS + " keys;");
    System.out.println("what the HSM signs and opens, disk and network are left out.");
    System.out.printf(
        "%-8s %9s %10s | %8s %8s %8s %8s %8s %8s %9s | %8s%n",
        "size", "keygen", "bytes", "R1", "R2", "R3", "finish", "combine", "whole", "bytes",
        "online");
    var costs = new TreeMap<String, Cost>();
    for (var size : List.of(new Size(2, 2), new Size(2, 3), new Size(3, 5), new Size(5, 9))) {
      var cost = cost(size);
      costs.put(size.label(), cost);
      System.out.printf(
          Locale.ROOT,
          "%-8s %9.1f %10d | %8.3f %8.3f %8.3f %8.3f %8.3f %8.3f %9d | %8.3f%n",
          size.label(),
          cost.generate(),
          cost.generateBytes(),
          cost.sign().commit(),
          cost.sign().extend(),
          cost.sign().multiply(),
          cost.sign().finish(),
          cost.sign().combine(),
          cost.sign().whole(),
          cost.sign().bytes(),
          cost.online());
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
        small.online(),
        small.generate(),
        small.sign().bytes(),
        large.sign().whole());
  }

  private Cost cost(Size size) {
    var parties = BenchParty.committee(size.parties(), bench);
    var generate = new long[KEYS];
    long bytes = 0;
    var made = new KeyGenerationRun(bench, Suite.DKLS23_SECP256K1, size.threshold(), parties).run();
    for (int i = 0; i < KEYS && size.parties() < 5; i++) {
      var run = new KeyGenerationRun(bench, Suite.DKLS23_SECP256K1, size.threshold(), parties);
      long identity = parties.stream().mapToLong(BenchParty::identityNanos).sum();
      long began = CpuClock.nanos();
      var again = run.run();
      long took = CpuClock.nanos() - began;
      identity = parties.stream().mapToLong(BenchParty::identityNanos).sum() - identity;
      generate[i] = (took - identity) / size.parties();
      bytes = run.sent();
      again.close();
    }
    var signing = new EcdsaRun(bench, made, parties.subList(0, size.threshold()));
    long warm = CpuClock.nanos() + WARM_UP_NANOS;
    var samples = new EcdsaRun.Sample[SIGNATURES];
    for (int i = 0; i < SIGNATURES; i = CpuClock.nanos() < warm ? 0 : i + 1) {
      samples[i] = signing.run();
    }
    var online = new long[SIGNATURES];
    for (int i = 0; i < SIGNATURES; i++) {
      online[i] = signing.online();
    }
    made.close();
    return new Cost(
        CpuClock.medianMillis(generate),
        bytes,
        EcdsaRun.Cost.of(samples),
        CpuClock.medianMillis(online));
  }
}
