package io.sharekeep.bench;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.policy.Decision;
import io.sharekeep.enclave.policy.Petition;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.store.Store;
import io.sharekeep.enclave.store.StoreUnusable;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import io.sharekeep.intent.Decoders;
import io.sharekeep.intent.Decoding;
import io.sharekeep.intent.Purpose;
import io.sharekeep.intent.Terms;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * How long a large policy takes over one request: decoding the transaction, deciding it by every
 * rule and limit, writing the record and reserving, all but the durable commit, which is measured
 * apart. The last line is JSON.
 */
public final class PolicyBench {
  private static final int RULES = 1_000;
  private static final int DESTINATIONS = 10_000;
  private static final int PAST = 1_000_000;
  private static final int BATCH = 2_000;
  private static final int WARM_UP = 20_000;
  private static final int RUNS = 20_000;
  private static final int IN_ONE_COMMIT = 100;
  private static final int COMMITS = 300;
  private static final Instant START = Instant.parse("2027-01-10T00:00:00Z");

  /** The past fills a week all but some minutes. */
  private static final Duration APART = Duration.ofMillis(600);

  private static final HexFormat HEX = HexFormat.of();
  private static final Account ACCOUNT =
      new Account(
          ChainId.ETHEREUM,
          Bytes.ofHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));

  private final SplittableRandom random = new SplittableRandom(20261123);
  private final Store store;
  private final LargePolicy policy = new LargePolicy(RULES, DESTINATIONS);
  private Instant now = START;

  private PolicyBench(Store store) {
    this.store = store;
  }

  /** Takes no arguments. */
  public static void main(String[] arguments)
      throws IOException, GeneralSecurityException, StoreUnusable {
    var folder = Files.createTempDirectory(Path.of("target/bench"), "policy");
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    try (var store = Store.open(folder.resolve("state"))) {
      new PolicyBench(store).run();
    } finally {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private RulesJudge judge() {
    return store.read(from -> RulesJudge.load(from, policy.policy(), policy.lists(), now));
  }

  private void run() throws GeneralSecurityException {
    System.out.printf(
        Locale.ROOT,
        "policy: %d rules, %d limits, %d bytes of canonical JSON%n",
        RULES,
        policy.limits(),
        policy.bytes());
    long empty = heap();
    past();
    long began = System.nanoTime();
    var judge = judge();
    System.out.printf(
        Locale.ROOT,
        "loading what %d transactions have charged: %.1f s%n",
        PAST,
        (System.nanoTime() - began) / 1e9);
    long heap = heap();
    measure(judge, WARM_UP);
    var times = measure(judge, RUNS);
    var commits = commits(judge);
    System.out.printf(Locale.ROOT, "%n");
    System.out.printf(Locale.ROOT, "%-34s %9s %9s%n", "", "p50 ms", "p99 ms");
    row("decode", times.get(0));
    row("decide", times.get(1));
    row("reserve", times.get(2));
    row("decode + decide + reserve", times.get(3));
    row("the same with its durable commit", commits);
    System.out.printf(
        Locale.ROOT,
        "heap with policy, lists and windows: %d MB, of which before the past: %d MB%n",
        heap,
        empty);
    System.out.printf(
        Locale.ROOT,
        "{\"decide_p50_ms\":%.4f,\"decide_p99_ms\":%.4f,\"heap_mb\":%d}%n",
        quantile(times.get(3), 0.5),
        quantile(times.get(3), 0.99),
        heap);
  }

  /**
   * A million signed transactions, spread over the week that two of the limits look back on. What
   * would have left the windows of the others by now is not written.
   */
  private void past() {
    var judge = judge();
    var templates = new ArrayList<List<Charge>>();
    for (int i = 0; i < DESTINATIONS; i += IN_ONE_COMMIT) {
      int from = i;
      store.commit(tx -> {
        for (int to = from; to < from + IN_ONE_COMMIT; to++) {
          var judgement = judge.judge(tx, petition(order(to, 1_000_000)), Optional.empty());
          templates.add(judgement.charges());
        }
        return from;
      });
    }
    var first = now;
    long began = System.nanoTime();
    for (int done = 0; done < PAST; done += BATCH) {
      int from = done;
      store.commit(tx -> {
        for (int i = from; i < from + BATCH; i++) {
          now = first.plus(APART.multipliedBy(i));
          var decision = new DecisionId("%032x".formatted(i));
          var end = first.plus(APART.multipliedBy(PAST));
          var counts =
              templates.get(i % DESTINATIONS).stream()
                  .filter(charge -> now.plus(charge.limit().window()).isAfter(end))
                  .toList();
          judge.reserve(tx, decision, counts, now);
          judge.commit(tx, decision, now);
        }
        return from;
      });
    }
    System.out.printf(
        Locale.ROOT,
        "writing %d past transactions: %.1f s%n",
        PAST,
        (System.nanoTime() - began) / 1e9);
  }

  private List<long[]> measure(RulesJudge judge, int runs) {
    var times = List.of(new long[runs], new long[runs], new long[runs], new long[runs]);
    for (int done = 0; done < runs; done += IN_ONE_COMMIT) {
      var orders = new ArrayList<Order>();
      for (int i = 0; i < IN_ONE_COMMIT; i++) {
        orders.add(order(random.nextInt(DESTINATIONS), random.nextLong(1, 5_000_000_000L)));
      }
      int first = done;
      store.commit(tx -> {
        for (int i = 0; i < IN_ONE_COMMIT; i++) {
          var took = one(judge, tx, orders.get(i));
          for (int part = 0; part < took.length; part++) {
            times.get(part)[first + i] = took[part];
          }
        }
        return first;
      });
    }
    times.forEach(Arrays::sort);
    return times;
  }

  /** Each request in a commit of its own, as when nobody else asks. */
  private long[] commits(RulesJudge judge) {
    var times = new long[COMMITS];
    for (int i = 0; i < COMMITS; i++) {
      var order = order(random.nextInt(DESTINATIONS), 1_000_000);
      long began = System.nanoTime();
      store.commit(tx -> one(judge, tx, order));
      times[i] = System.nanoTime() - began;
    }
    Arrays.sort(times);
    return times;
  }

  /** Decoding, deciding, reserving, and the whole, in nanoseconds. */
  private long[] one(RulesJudge judge, Transaction tx, Order order) {
    long began = System.nanoTime();
    var petition = petition(order);
    long decoded = System.nanoTime();
    var judgement = judge.judge(tx, petition, Optional.empty());
    if (!(judgement.decision() instanceof Decision.Approved)
        || judgement.record().isEmpty()
        || judgement.charges().size() != policy.limits()) {
      throw new IllegalStateException("not what was meant to be measured: " + judgement.decision());
    }
    long decided = System.nanoTime();
    judge.reserve(tx, decision(petition), judgement.charges(), petition.at());
    long reserved = System.nanoTime();
    return new long[] {decoded - began, decided - decoded, reserved - decided, reserved - began};
  }

  private static DecisionId decision(Petition petition) {
    return new DecisionId(HEX.formatHex(petition.request().body().digest(), 0, 16));
  }

  /** What comes in: a signed request and its payload. */
  private record Order(SignedRequest<SignRequest> request, byte[] payload, Instant at) {}

  private Order order(int destination, long amount) {
    var payload = policy.pays(destination, BigInteger.valueOf(amount));
    now = now.plusMillis(1);
    var body =
        new SignRequest(
            UUID.randomUUID().toString(),
            LargePolicy.COMMITTEE,
            new KeyId(LargePolicy.WALLET),
            Optional.empty(),
            "evm.tx",
            HEX.formatHex(sha256(payload)),
            Map.of(),
            now.plusSeconds(600));
    // Whether it holds was asked before: verifying is no part of deciding.
    return new Order(
        new SignedRequest<>(
            body, SignedRequest.KeyAlgorithm.ED25519, policy.serviceKey(), new byte[64]),
        payload,
        now);
  }

  private static Petition petition(Order order) {
    var decoding = Decoders.decode(Purpose.EVM_TX, order.payload(), ACCOUNT, Terms.NONE);
    if (!(decoding instanceof Decoding.Decoded(var intent))) {
      throw new IllegalStateException("the payload does not decode");
    }
    return new Petition.Signing(
        order.request(),
        order.payload(),
        ACCOUNT,
        intent,
        LargePolicy.SERVICE,
        1,
        Set.of(),
        Set.of("vault", "cloud"),
        List.of(),
        order.at());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static long heap() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  private static double quantile(long[] ascending, double quantile) {
    return ascending[(int) ((ascending.length - 1) * quantile)] / 1e6;
  }

  private static void row(String what, long[] ascending) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %9.3f %9.3f%n",
        what,
        quantile(ascending, 0.5),
        quantile(ascending, 0.99));
  }
}
