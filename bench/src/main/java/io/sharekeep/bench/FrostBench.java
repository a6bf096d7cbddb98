package io.sharekeep.bench;

import io.sharekeep.softhsm.SoftHsm;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.frost.SigningKey;
import io.sharekeep.threshold.frost.TaprootTweak;
import io.sharekeep.threshold.wire.Suite;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * {@code ./dev bench frost}: CPU time of one party for key generation and for signing, and of an
 * HSM's open. A table for people; the last line is one JSON object.
 *
 * <p>Everything that the cryptography of a session takes is counted: envelopes, their codecs,
 * signatures and verifications, and the others' P-256 certificates of a new key. What the HSM signs
 * is not, nor are disk and network. Each suite and size is measured in a process of its own: what
 * the compiler learns from one changes what it makes of another.
 */
public final class FrostBench {
  /**
   * CPU spent on each measurement before anything counts: an appliance runs for months, and the
   * compiler is not done with a key generation before some ten thousand.
   */
  private static final long KEY_WARM_UP_NANOS = 30_000_000_000L;

  private static final long SIGNATURE_WARM_UP_NANOS = 12_000_000_000L;

  private static final Size BUDGETED = new Size(2, 3);

  private final Workbench bench = Workbench.open();

  private record Size(int threshold, int parties) {
    @Override
    public String toString() {
      return threshold + "-of-" + parties;
    }
  }

  /**
   * All in milliseconds of CPU per party: of the quietest window, and the two wholes of a typical
   * one.
   */
  private record Cost(
      double generate,
      double commit,
      double sign,
      double aggregate,
      double whole,
      double typicalGenerate,
      double typicalWhole) {
    private String line() {
      return DoubleStream.of(
              generate, commit, sign, aggregate, whole, typicalGenerate, typicalWhole)
          .mapToObj(figure -> String.format(Locale.ROOT, "%.4f", figure))
          .collect(Collectors.joining(" "));
    }

    private static Cost of(String line) {
      var f = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Cost(f[0], f[1], f[2], f[3], f[4], f[5], f[6]);
    }
  }

  private FrostBench() {}

  /**
   * @param arguments none for the whole table; a suite, threshold and parties for the line of one
   */
  public static void main(String[] arguments) throws IOException {
    var frost = new FrostBench();
    if (arguments.length == 0) {
      frost.run();
    } else {
      var size = new Size(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
      System.out.println(frost.cost(Suite.valueOf(arguments[0]), size).line());
    }
  }

  /** Measures in a process like this one. */
  private static Cost apart(Suite suite, Size size) throws IOException {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(runtime.getInputArguments());
    command.addAll(List.of("-cp", runtime.getClassPath(), FrostBench.class.getName()));
    command.addAll(
        List.of(suite.name(), String.valueOf(size.threshold()), String.valueOf(size.parties())));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var lines = process.inputReader()) {
      return lines
          .lines()
          .reduce((_, last) -> last)
          .map(Cost::of)
          .orElseThrow(() -> new IllegalStateException(suite + " " + size + " was not measured"));
    }
  }

  private void run() throws IOException {
    bench
        .groups()
        .choices()
        .forEach(choice -> System.out.println(choice.group() + " by " + choice.backend()));
    System.out.println(
        "CPU of one party in ms, envelopes and verification included: median of the quietest"
            + " window of a second, and of all windows");
    System.out.printf(
        "%-20s %-8s %8s %8s %8s %10s %8s   %10s %10s%n",
        "suite",
        "size",
        "keygen",
        "commit",
        "sign",
        "aggregate",
        "whole",
        "keygen/all",
        "whole/all");
    var costs = new TreeMap<String, Cost>();
    for (var suite : List.of(Suite.FROST_ED25519, Suite.FROST_SECP256K1_TR)) {
      for (var size : List.of(new Size(2, 3), new Size(3, 5), new Size(5, 9))) {
        var cost = apart(suite, size);
        costs.put(suite + " " + size, cost);
        System.out.printf(
            Locale.ROOT,
            "%-20s %-8s %8.3f %8.3f %8.3f %10.3f %8.3f   %10.3f %10.3f%n",
            suite.toString().toLowerCase(Locale.ROOT).replace('_', '-'),
            size,
            cost.generate(),
            cost.commit(),
            cost.sign(),
            cost.aggregate(),
            cost.whole(),
            cost.typicalGenerate(),
            cost.typicalWhole());
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
    var parties = BenchParty.committee(size.parties(), bench);
    var made = new KeyGenerationRun(bench, suite, size.threshold(), parties).run();
    var keys = new Windows(() -> new long[] {generated(suite, size, parties) / size.parties()});
    var run = new SigningRun(bench, made, key(made), parties.subList(0, size.threshold()), parties);
    var message = new byte[32];
    var signatures =
        new Windows(() -> {
          message[0]++;
          var spent = run.run(message);
          return LongStream.of(spent.commit(), spent.sign(), spent.aggregate(), spent.whole())
              .map(nanos -> nanos / size.threshold())
              .toArray();
        });
    keys.warmUp(KEY_WARM_UP_NANOS);
    signatures.warmUp(SIGNATURE_WARM_UP_NANOS);
    Windows.inTurn(size.equals(BUDGETED) ? 25 : 5, keys, signatures);
    var generated = keys.measured();
    var signed = signatures.measured();
    var steps = signed.quietest();
    return new Cost(
        generated.whole(),
        steps.get(0),
        steps.get(1),
        steps.get(2),
        signed.whole(),
        generated.typical(),
        signed.typical());
  }

  /** CPU of all parties for one key, without what the HSM signs. */
  private long generated(Suite suite, Size size, List<BenchParty> parties) {
    long identity = parties.stream().mapToLong(BenchParty::identityNanos).sum();
    long began = CpuClock.nanos();
    var again = new KeyGenerationRun(bench, suite, size.threshold(), parties).run();
    long took = CpuClock.nanos() - began;
    identity = parties.stream().mapToLong(BenchParty::identityNanos).sum() - identity;
    again.close();
    return took - identity;
  }

  /** As an appliance has it: made once, when the key becomes usable. */
  private SigningKey key(KeyGenerationRun.Made made) {
    var group = bench.groups().of(made.key().suite().group());
    return switch (made.key().suite()) {
      case FROST_ED25519 -> SigningKey.stored(FrostSuite.ED25519, group, made.key().publicKey());
      case FROST_SECP256K1 ->
          SigningKey.stored(FrostSuite.SECP256K1, group, made.key().publicKey());
      case FROST_SECP256K1_TR ->
          SigningKey.derived(
                  FrostSuite.SECP256K1_TAPROOT,
                  group,
                  made.key().publicKey(),
                  group.publicOps().scalar(0),
                  new TaprootTweak.Bip86())
              .orElseThrow();
      case DKLS23_SECP256K1 -> throw new IllegalArgumentException("FROST does not sign ECDSA");
    };
  }
}
