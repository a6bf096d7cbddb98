package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.DecisionReplay;
import io.sharekeep.enclave.policy.Lists;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests at once, waits, approvals, sessions that are left, crashes and restarts, in seeded
 * orders: no party lets go of more in any window than its limits allow, and each of its decisions
 * comes out again of its record. What left is counted here, by the messages that left, and by no
 * word of the appliance.
 */
@SoftTokens
@LeavesNothing
class SpendingPropertyTest {
  private static final Duration DAY = Duration.ofHours(24);

  /** So many transactions in ten minutes. */
  private static final int RATE = 4;

  private static final int STEPS = 22;

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
  private static final long FEE = 5000;

  private static Parties parties;

  @BeforeAll
  static void start(@TempDir Path home, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            home,
            tokens,
            2,
            Map.of("two", new Shape(2, List.of(List.of(1), List.of(2)))),
            Map.of(),
            SpendingPropertyTest::policy);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static String policy(String party, List<String> committees) {
    var json =
        StrictJson.object(TypedPolicies.of(party, committees).getBytes(StandardCharsets.UTF_8));
    var rate = json.withArray("limits").addObject();
    rate.put("id", "rate").put("window", "10m").put("count", RATE).putObject("match");
    rate.putArray("per").add("wallet");
    return json.toString();
  }

  /**
   * The message with which a signature can be made has left a party.
   *
   * @param from the party let it go between these
   */
  private record Left(Instant from, Instant until, long cost) {
    /** Whether it was within that window when the later one left, however they were timed. */
    boolean counts(Duration window, Left later) {
      return from.isAfter(later.until.minus(window)) && !from.isAfter(later.from);
    }
  }

  @Test
  void noSequenceLetsGoOfMoreThanTheLimitsAllowAndEveryDecisionComesOutAgain() throws Exception {
    var ends = new TreeSet<String>();
    for (long seed = 1; seed <= 2; seed++) {
      var run = new Run(new SplittableRandom(seed), parties.generate("two", Scheme.FROST_ED25519));
      for (int step = 0; step < STEPS; step++) {
        run.step();
      }
      run.check("seed " + seed);
      ends.addAll(run.ends);
    }
    var patient = new Run(new SplittableRandom(0), parties.generate("two", Scheme.FROST_ED25519));
    patient.waitsLongerThanAWindow();
    patient.check("a long wait");
    ends.addAll(patient.ends);
    for (var end : List.of("Signed", "policy-deferred", "sol-day", "rate", "left alone")) {
      assertTrue(ends.contains(end), "never came to " + end + ": " + ends);
    }
  }

  /** One wallet's life. */
  private static final class Run {
    private final SplittableRandom random;
    private final KeyDescription key;
    private final Map<Integer, Queue<Left>> left =
        Map.of(1, new ConcurrentLinkedQueue<>(), 2, new ConcurrentLinkedQueue<>());
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new ArrayList<>();

    /** A request, and what it costs with its fee. */
    private record Asked(Order.Sign order, long cost) {}

    Run(SplittableRandom random, KeyDescription key) {
      this.random = random;
      this.key = key;
    }

    void step() throws Exception {
      switch (random.nextInt(9)) {
        case 0, 1 -> together(new ArrayList<>(List.of(small(), small(), small())));
        case 2, 3 -> {
          carry(large(), 9);
          carry(large(), 9);
        }
        case 4 -> approved();
        case 5 -> carry(small(), random.nextInt(1, 3));
        case 6 -> {
          int party = random.nextInt(1, 3);
          if (random.nextBoolean()) {
            parties.crash(party);
          } else {
            parties.stop(party);
            parties.start(party);
          }
        }
        default ->
            parties.wait(
                random.nextInt(4) == 0
                    ? Duration.ofHours(random.nextInt(1, 25))
                    : Duration.ofMinutes(random.nextInt(1, 20)));
      }
      parties.leaveAlone(Duration.ofMinutes(1)); // Sessions that were left end soon.
    }

    /**
     * Comes to each end, however the threads of the others ran: three wait for people until the ten
     * minutes in which they were decided are over, others want their room, and then all may go.
     */
    void waitsLongerThanAWindow() {
      for (int i = 0; i < RATE - 1; i++) {
        carry(asks(TypedPolicies.SMALL + 1), 9);
      }
      parties.wait(TEN_MINUTES.plusMinutes(5));
      for (int i = 0; i < RATE; i++) {
        carry(asks(TypedPolicies.SMALL / 4), 9);
      }
      approved();
      parties.wait(TEN_MINUTES.plusMinutes(1));
      carry(asks(2 * TypedPolicies.SMALL - 1), 9);
      carry(small(), 1);
      parties.leaveAlone(Duration.ofMinutes(1));
    }

    private Asked small() {
      return asks(random.nextLong(TypedPolicies.SMALL / 4, TypedPolicies.SMALL));
    }

    private Asked large() {
      return asks(random.nextLong(TypedPolicies.SMALL + 1, 2 * TypedPolicies.SMALL));
    }

    private Asked asks(long lamports) {
      var one =
          new Asked(
              TypedPolicies.pays(parties, key, lamports, Payloads.bytes(random, 32), random),
              lamports + FEE);
      asked.add(one);
      return one;
    }

    /** All at once, among them what was asked for before. */
    private void together(List<Asked> some) throws Exception {
      some.add(asked.get(random.nextInt(asked.size())));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var end : threads.invokeAll(some.stream().map(one -> task(one)).toList())) {
          end.get();
        }
      }
    }

    private Callable<Boolean> task(Asked one) {
      return () -> {
        carry(one, 9);
        return true;
      };
    }

    /** Two people let all pass that waits, whenever that is. */
    private void approved() {
      for (var one : List.copyOf(asked)) {
        var id = one.order().requestId();
        if (parties.enclave(1).waiting(id).isPresent()) {
          for (var person : List.of("ben", "cleo")) {
            parties
                .enclave(1)
                .assent(id, TypedPolicies.said(parties, one.order(), person, "approve"));
          }
          var held = parties.enclave(1).waiting(id).orElseThrow().order().approvals();
          var order = new Order.Sign(one.order().request(), one.order().payload(), held);
          carry(new Asked(order, one.cost()), 9);
        }
      }
    }

    /** As a relay would, and no further than it likes. */
    private void carry(Asked one, int rounds) {
      switch (parties.enclave(1).propose(one.order(), Set.of(1, 2))) {
        case Proposal.Ready ready -> relay(one, ready, rounds);
        case Proposal.Known(Outcome outcome) -> ends.add(word(outcome));
        case Proposal.Refused(Refusal refusal) -> ends.add(refusal.code().label());
      }
    }

    private void relay(Asked one, Proposal.Ready ready, int rounds) {
      var replies = Relay.open(parties.all(), ready, one.order());
      for (int round = 2; round <= rounds; round++) {
        if (!replies.values().stream().allMatch(StepReply.Sent.class::isInstance)) {
          break;
        }
        var from = parties.now();
        replies = Relay.round(parties.all(), ready, round, replies);
        var until = parties.now();
        replies.forEach((party, reply) -> {
          if (reply instanceof StepReply.Sent) {
            Objects.requireNonNull(left.get(party)).add(new Left(from, until, one.cost()));
          }
        });
      }
      replies
          .values()
          .forEach(reply -> {
            switch (reply) {
              case StepReply.Finished(Outcome outcome) -> ends.add(word(outcome));
              case StepReply.Refused(Refusal refusal) -> ends.add(refusal.code().label());
              case StepReply.Sent _ -> ends.add("left alone");
            }
          });
    }

    private static String word(Outcome outcome) {
      return outcome instanceof Outcome.Denied(var _, String rule)
          ? rule
          : outcome.getClass().getSimpleName();
    }

    void check(String seed) {
      left.forEach((party, all) -> {
        for (var one : all) {
          var day = all.stream().filter(other -> other.counts(DAY, one)).toList();
          long spent = day.stream().mapToLong(Left::cost).sum();
          assertTrue(spent <= TypedPolicies.DAY, seed + ": party " + party + " let go " + day);
          var few = all.stream().filter(other -> other.counts(TEN_MINUTES, one)).toList();
          assertTrue(few.size() <= RATE, seed + ": party " + party + " let go " + few);
        }
      });
      int decisions = 0;
      for (int party : List.of(1, 2)) {
        var desk = ((Core) parties.enclave(party)).desk();
        var policy = assertInstanceOf(RuledPolicy.class, desk.books().policy());
        for (var one : asked) {
          for (var record :
              desk.store().read(from -> desk.decisions().of(from, one.order().requestId()))) {
            assertEquals(List.of(), DecisionReplay.differences(record, policy, Lists.NONE), seed);
            decisions++;
          }
        }
      }
      assertTrue(decisions > asked.size(), seed + ": " + decisions + " decisions");
    }
  }
}
