package io.sharekeep.bench;

import io.sharekeep.softhsm.SoftHsm;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.frost.Aggregation;
import io.sharekeep.threshold.frost.Committed;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.SignatureShare;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.SigningPackage;
import io.sharekeep.threshold.frost.TaprootTweak;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * {@code ./dev bench frost}: CPU time of one party for key generation and for signing, and of an
 * HSM's open. A table for people; the last line is one JSON object.
 */
public final class FrostBench {
  /** CPU spent before anything counts: the compiler needs some hundred rounds. */
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private static final int RUNS = 101;

  private final Workbench bench = Workbench.open();

  private record Size(int threshold, int parties) {}

  /** All in milliseconds of CPU per party. */
  private record Cost(
      double generate, double certificates, double commit, double sign, double aggregate) {
    double whole() {
      return commit + sign + aggregate;
    }
  }

  private FrostBench() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) {
    new FrostBench().run();
  }

  private void run() {
    bench
        .groups()
        .choices()
        .forEach(choice -> System.out.println(choice.group() + " by " + choice.backend()));
    System.out.println(
        "CPU of one party in ms, median of " + RUNS + " runs; whole = commit + sign");
    System.out.println(
        "+ aggregate and verify. Key generation includes its envelopes and the P-256");
    System.out.println(
        "verifications of the others' certificates; what the HSM signs is left out.");
    System.out.printf(
        "%-20s %-8s %10s %10s %10s %10s %10s %10s%n",
        "suite", "size", "keygen", "+P-256", "commit", "sign", "aggregate", "whole");
    var costs = new TreeMap<String, Cost>();
    for (var suite : List.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR)) {
      for (var size : List.of(new Size(2, 3), new Size(3, 5), new Size(5, 9))) {
        var cost = cost(suite, size);
        var name = size.threshold() + "-of-" + size.parties();
        costs.put(suite + " " + name, cost);
        System.out.printf(
            Locale.ROOT,
            "%-20s %-8s %10.3f %10.3f %10.3f %10.3f %10.3f %10.3f%n",
            suite.toString().toLowerCase(Locale.ROOT).replace('_', '-'),
            name,
            cost.generate(),
            cost.certificates(),
            cost.commit(),
            cost.sign(),
            cost.aggregate(),
            cost.whole());
      }
    }
    double open = SoftHsm.missing().isPresent() ? Double.NaN : OpenBench.micros();
    System.out.printf(Locale.ROOT, "one open of a 200 B record: %.1f us of wall time%n", open);
    var tr = costs.get(Suite.FROST_SECP256K1_TR + " 2-of-3");
    var ed25519 = costs.get(Suite.FROST_ED25519 + " 2-of-3");
    if (tr == null || ed25519 == null) {
      throw new IllegalStateException("2-of-3 was not measured");
    }
    System.out.printf(
        Locale.ROOT,
        "{\"tr_sign_2of3_ms\":%.4f,\"ed25519_sign_2of3_ms\":%.4f,\"tr_dkg_2of3_ms\":%.4f,"
            + "\"open_200b_us\":%s}%n",
        tr.whole(),
        ed25519.whole(),
        tr.generate(),
        Double.isNaN(open) ? "null" : String.format(Locale.ROOT, "%.1f", open));
  }

  private Cost cost(Suite suite, Size size) {
    var parties =
        IntStream.rangeClosed(1, size.parties())
            .mapToObj(i -> new BenchParty(new PartyId(i), bench))
            .toList();
    var generate = new long[RUNS];
    KeyGenerationRun.Made made =
        new KeyGenerationRun(bench, suite, size.threshold(), parties).run();
    long warm = CpuClock.nanos() + WARM_UP_NANOS;
    for (int i = 0; i < RUNS; i = CpuClock.nanos() < warm ? 0 : i + 1) {
      var run = new KeyGenerationRun(bench, suite, size.threshold(), parties);
      long identity = parties.stream().mapToLong(BenchParty::identityNanos).sum();
      long began = CpuClock.nanos();
      var again = run.run();
      long took = CpuClock.nanos() - began;
      identity = parties.stream().mapToLong(BenchParty::identityNanos).sum() - identity;
      generate[i] = (took - identity) / size.parties();
      again.shares().values().forEach(slab -> slab.close());
    }
    long certificates = (size.parties() - 1) * parties.getFirst().verificationNanos();
    for (int i = 0; i < RUNS; i++) {
      generate[i] -= certificates;
    }
    return signing(suite, size, made, CpuClock.medianMillis(generate), certificates / 1e6);
  }

  private Cost signing(
      Suite suite, Size size, KeyGenerationRun.Made made, double generate, double certificates) {
    var group = bench.groups().of(suite.group());
    var frost = suite == Suite.FROST_ED25519 ? FrostSuite.ED25519 : FrostSuite.SECP256K1_TAPROOT;
    var key =
        suite == Suite.FROST_ED25519
            ? SigningKey.stored(frost, group, made.key().publicKey())
            : SigningKey.derived(
                    frost,
                    group,
                    made.key().publicKey(),
                    group.publicOps().scalar(0),
                    new TaprootTweak.Bip86())
                .orElseThrow();
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (int i = 1; i <= size.threshold(); i++) {
      owners.put(new EvaluationPoint(i), new PartyId(i));
    }
    var signers = new Signers(size.threshold(), owners);
    var commit = new long[RUNS];
    var sign = new long[RUNS];
    var aggregate = new long[RUNS];
    var message = new byte[32];
    long warm = CpuClock.nanos() + WARM_UP_NANOS;
    for (int i = 0; i < RUNS; i = CpuClock.nanos() < warm ? 0 : i + 1) {
      message[0] = (byte) i;
      long began = CpuClock.nanos();
      var committed = new ArrayList<Committed>();
      for (var point : owners.keySet()) {
        committed.add(
            Committed.commit(
                frost, group, bench.scratch(), bench.random(), point, share(made, point)));
      }
      long afterCommit = CpuClock.nanos();
      var commitments = committed.stream().map(Committed::commitment).toList();
      var shares = new ArrayList<SignatureShare>();
      // Each party makes the package for itself, so each is charged for one.
      for (var state : committed) {
        var mine = Workbench.advanced(SigningPackage.of(key, signers, message, commitments));
        shares.add(Workbench.advanced(state.sign(share(made, state.commitment().point()), mine)));
      }
      long afterSign = CpuClock.nanos();
      var signing = Workbench.advanced(SigningPackage.of(key, signers, message, commitments));
      long beforeAggregate = CpuClock.nanos();
      Workbench.advanced(Aggregation.aggregate(signing, shares, made.key().verificationShares()));
      long done = CpuClock.nanos();
      commit[i] = (afterCommit - began) / size.threshold();
      sign[i] = (afterSign - afterCommit) / size.threshold();
      aggregate[i] = done - beforeAggregate;
    }
    return new Cost(
        generate,
        certificates,
        CpuClock.medianMillis(commit),
        CpuClock.medianMillis(sign),
        CpuClock.medianMillis(aggregate));
  }

  private static java.lang.foreign.MemorySegment share(
      KeyGenerationRun.Made made, EvaluationPoint point) {
    var slab = made.shares().get(point);
    if (slab == null) {
      throw new IllegalStateException("no share at " + point);
    }
    return slab.bytes();
  }
}
