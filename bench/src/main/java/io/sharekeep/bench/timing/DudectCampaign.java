package io.sharekeep.bench.timing;

import io.sharekeep.enclave.entropy.OsRandom;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.frost.FrostSuite;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.primitive.Primitives;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code ./dev campaign dudect [SAMPLES [SEED [FROM..TO | NAME]]]}: a line for each operation, then
 * one JSON object. All of them, or the numbers FROM to TO, or those whose names hold NAME; every
 * run has its controls. Exit status 1 when an operation's time tells its operand, 2 when the run
 * saw too little to judge.
 */
public final class DudectCampaign {
  private static final int SAMPLES = 100_000;
  private static final long SEED = 20261122;

  /**
   * A control has to reach |t| = 50, and t grows with the root of the samples: fewer make the test
   * of the run harder, and spare the minutes of an operation that is slow besides.
   */
  private static final int MOST_OF_A_CONTROL = 20_000;

  private static final Pattern SLICE = Pattern.compile("(\\d+)\\.\\.(\\d+)");

  private final int samples;
  private final long seed;
  private final String selection;
  private final List<Verdict> verdicts = new ArrayList<>();

  /** What came of one subject. */
  private record Verdict(String name, double t) {
    String json() {
      return String.format(Locale.ROOT, "{\"name\":\"%s\",\"t\":%.1f}", name, t);
    }
  }

  private DudectCampaign(int samples, long seed, String selection) {
    this.samples = samples;
    this.seed = seed;
    this.selection = selection;
  }

  /**
   * @param arguments how many samples of each subject, the seed of their order, and which subjects
   */
  public static void main(String[] arguments) {
    int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : SAMPLES;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : SEED;
    var campaign = new DudectCampaign(samples, seed, arguments.length > 2 ? arguments[2] : "");
    System.exit(campaign.run());
  }

  private int run() {
    long began = System.nanoTime();
    var some = new Sampler(Math.min(samples, MOST_OF_A_CONTROL), seed);
    var controls =
        LeakyControls.all().stream().map(subject -> measured("control", some, subject)).toList();
    var all = new Sampler(samples, seed);
    int total;
    try (var scratch = new ReusedScratch()) {
      var subjects = subjects(scratch);
      total = subjects.size();
      for (int i = 1; i <= total; i++) {
        var subject = subjects.get(i - 1);
        if (isSelected(i, subject.name())) {
          verdicts.add(measured(i + "/" + total, all, subject));
        }
      }
    }
    var failed = verdicts.stream().filter(v -> Math.abs(v.t()) > WelchTest.FAIL).toList();
    var warned =
        verdicts.stream()
            .filter(v -> Math.abs(v.t()) > WelchTest.WARN && Math.abs(v.t()) <= WelchTest.FAIL)
            .toList();
    boolean seesLeaks =
        seen(controls, "ec_pubkey_tweak_mul") && seen(controls, "BouncyCastle multiply");
    System.out.printf(
        Locale.ROOT,
        "{\"campaign\":\"dudect\",\"valid\":%b,\"samples\":%d,\"seed\":%d,\"subjects\":%d,"
            + "\"of\":%d,\"failed\":%s,\"warned\":%s,\"controls\":%s,\"seconds\":%d}%n",
        seesLeaks,
        samples,
        seed,
        verdicts.size(),
        total,
        json(failed),
        json(warned),
        json(controls),
        (System.nanoTime() - began) / 1_000_000_000);
    if (verdicts.isEmpty()) {
      System.err.println("No subject is called or numbered " + selection + ": there are " + total);
      return 2;
    }
    if (!seesLeaks) {
      System.err.println("A control did not reach |t| = 50: this run proves nothing.");
      return 2;
    }
    return failed.isEmpty() ? 0 : 1;
  }

  private static boolean seen(List<Verdict> controls, String name) {
    return controls.stream()
        .anyMatch(v -> v.name().startsWith(name) && Math.abs(v.t()) > WelchTest.CONTROL);
  }

  private static String json(List<Verdict> verdicts) {
    return verdicts.stream().map(Verdict::json).collect(Collectors.joining(",", "[", "]"));
  }

  private boolean isSelected(int number, String name) {
    var slice = SLICE.matcher(selection);
    return slice.matches()
        ? number >= Integer.parseInt(slice.group(1)) && number <= Integer.parseInt(slice.group(2))
        : name.contains(selection);
  }

  private static Verdict measured(String number, Sampler sampler, Subject subject) {
    double t = sampler.t(subject);
    System.out.printf(Locale.ROOT, "%-8s %10.1f  %s%n", number, t, subject.name());
    return new Verdict(subject.name(), t);
  }

  private static List<Subject> subjects(Scratch scratch) {
    var random = new OsRandom();
    var subjects = new ArrayList<Subject>();
    for (var groups : List.of(Groups.open(random, Groups.Requirement.NATIVE), Groups.java())) {
      for (var fixed : FixedOperand.values()) {
        for (var id : GroupId.values()) {
          subjects.addAll(new SecretOpsSubjects(groups.of(id), scratch, fixed).all());
        }
      }
      for (var suite : FrostSuite.values()) {
        Group group = groups.of(suite.group());
        subjects.addAll(
            new ProtocolSubjects(suite, group, scratch, random, FixedOperand.ONES).all());
      }
    }
    for (var fixed : List.of(FixedOperand.ONES, FixedOperand.LARGEST)) {
      subjects.addAll(
          new EcdsaSubjects(
                  Groups.open(random, Groups.Requirement.NATIVE).secp256k1(),
                  Primitives.open(),
                  random,
                  fixed)
              .all());
    }
    subjects.addAll(new SealingSubjects(Primitives.open(), scratch).all());
    return subjects;
  }
}
