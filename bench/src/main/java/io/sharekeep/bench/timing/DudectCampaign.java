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
import java.util.stream.Collectors;

/**
 * {@code ./dev campaign dudect [SAMPLES [NAME]]}: a line for each operation, then one JSON object.
 * Exit status 1 when an operation's time tells its operand, 2 when the run saw too little to judge.
 */
public final class DudectCampaign {
  private static final int SAMPLES = 100_000;

  private final Sampler sampler;
  private final String filter;
  private final List<Verdict> verdicts = new ArrayList<>();

  /** What came of one subject. */
  private record Verdict(String name, double t) {
    String json() {
      return String.format(Locale.ROOT, "{\"name\":\"%s\",\"t\":%.1f}", name, t);
    }
  }

  private DudectCampaign(int samples, String filter) {
    this.sampler = new Sampler(samples, 20261122);
    this.filter = filter;
  }

  /**
   * @param arguments how many samples of each subject, and part of the names of those to run
   */
  public static void main(String[] arguments) {
    int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : SAMPLES;
    var campaign = new DudectCampaign(samples, arguments.length > 1 ? arguments[1] : "");
    System.exit(campaign.run(samples));
  }

  private int run(int samples) {
    long began = System.nanoTime();
    var controls = LeakyControls.all().stream().map(this::measured).toList();
    try (var scratch = new ReusedScratch()) {
      subjects(scratch).stream()
          .filter(subject -> subject.name().contains(filter))
          .map(this::measured)
          .forEach(verdicts::add);
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
        "{\"campaign\":\"dudect\",\"valid\":%b,\"samples\":%d,\"subjects\":%d,\"failed\":%s,"
            + "\"warned\":%s,\"controls\":%s,\"seconds\":%d}%n",
        seesLeaks,
        samples,
        verdicts.size(),
        json(failed),
        json(warned),
        json(controls),
        (System.nanoTime() - began) / 1_000_000_000);
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

  private Verdict measured(Subject subject) {
    double t = sampler.t(subject);
    System.out.printf(Locale.ROOT, "%10.1f  %s%n", t, subject.name());
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
    subjects.addAll(new SealingSubjects(Primitives.open(), scratch).all());
    return subjects;
  }
}
