package io.sharekeep.threshold.keygen;

import static io.sharekeep.threshold.keygen.TestParty.NOW;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.blame.BlameVerifier;
import io.sharekeep.threshold.blame.Verdict;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A whole key generation in memory, envelopes and all, over a relay that a test may corrupt, among
 * parties of which a test may replace some by rogues.
 */
final class TestCeremony implements AutoCloseable {
  /** What a relay hands to one recipient for one envelope that it was given. */
  @FunctionalInterface
  interface Relay {
    Relay HONEST = (_, _, envelope) -> List.of(envelope.encoded());

    List<byte[]> deliver(int round, PartyId recipient, SignedEnvelope envelope);
  }

  /** A party, honest or not, as the relay sees it: what it sends in a round. */
  interface Actor {
    List<SignedEnvelope> send(int round);

    /** What it says once round 3 is over. */
    default List<SignedStatement> certificates() {
      return List.of();
    }

    default void close() {}
  }

  /** How it ended at one honest party. */
  sealed interface Ending {
    record Done(
        GeneratedKey key,
        SortedMap<EvaluationPoint, byte[]> shares,
        CommitLedger ledger,
        List<PartyId> refused,
        List<PartyId> missing)
        implements Ending {}

    record Aborted(Fault fault, List<PartyId> culprits) implements Ending {}

    record Stuck(int round) implements Ending {}
  }

  final SessionContext context;
  final Group group;
  final SortedMap<PartyId, TestParty> parties = new TreeMap<>();
  final SortedMap<PartyId, Actor> actors = new TreeMap<>();
  final SortedMap<PartyId, Ending> endings = new TreeMap<>();
  final Map<PartyId, List<DropReason>> drops = new TreeMap<>();
  final List<SignedEnvelope> traffic = new ArrayList<>();

  /** What showed a party that another contradicts itself. */
  final Map<PartyId, List<SignedEnvelope>> contradictions = new TreeMap<>();

  /** Whom an honest party had to hear again in round 2. */
  final Map<PartyId, List<PartyId>> asked = new TreeMap<>();

  final Map<PartyId, SortedMap<PartyId, byte[]>> pairs = new TreeMap<>();
  final List<SignedStatement> statements = new ArrayList<>();

  /** In which order the relay carries what was sent in a round. */
  UnaryOperator<List<SignedEnvelope>> order = UnaryOperator.identity();

  TestCeremony(Group group, Suite suite, Committee committee, long seed) {
    this.group = group;
    this.context = context(suite, committee, seed);
    for (var id : committee.parties()) {
      var party = new TestParty(context, id, group, seed);
      parties.put(id, party);
      actors.put(id, new Honest(party));
    }
  }

  static SessionContext context(Suite suite, Committee committee, long seed) {
    var random = new SplittableRandom(seed);
    var members =
        committee.parties().stream()
            .map(id ->
                new SessionContext.Member(
                    id, Identity.of(id).pin().digest(), committee.pointsOf(id)))
            .toList();
    return new SessionContext(
        Protocol.DKG,
        suite,
        octets(random, 16),
        0,
        committee.threshold(),
        members,
        committee.parties(),
        1,
        List.of(),
        octets(random, 32),
        Optional.empty(),
        NOW + 300,
        octets(random, 32),
        octets(random, 32),
        1);
  }

  static Octets octets(SplittableRandom random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }

  /** Parties 1..n with one point each, x = id. */
  static Committee committee(int threshold, int n) {
    return weighted(threshold, java.util.stream.IntStream.range(0, n).map(_ -> 1).toArray());
  }

  /** Party i has {@code weights[i-1]} points; points are numbered through, three apart. */
  static Committee weighted(int threshold, int... weights) {
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    int x = 1;
    for (int i = 0; i < weights.length; i++) {
      var own = new ArrayList<EvaluationPoint>();
      for (int k = 0; k < weights[i]; k++) {
        own.add(new EvaluationPoint(x));
        x += weights.length == i + 1 ? 1000 : 1;
      }
      points.put(new PartyId(i + 1), own);
    }
    return new Committee(threshold, points);
  }

  TestCeremony run(Relay relay) {
    for (int round = 1; round <= 3; round++) {
      var sent = new ArrayList<SignedEnvelope>();
      for (var actor : actors.values()) {
        sent.addAll(actor.send(round));
      }
      traffic.addAll(sent);
      for (var envelope : order.apply(sent)) {
        for (var recipient : parties.values()) {
          if (addressed(envelope, recipient.id)) {
            for (var bytes : relay.deliver(round, recipient.id, envelope)) {
              receive(round, recipient, bytes);
            }
          }
        }
      }
    }
    actors.values().forEach(actor -> actor.send(4));
    for (var actor : actors.values()) {
      statements.addAll(actor.certificates());
    }
    actors.values().forEach(actor -> actor.send(5));
    return this;
  }

  private static boolean addressed(SignedEnvelope envelope, PartyId recipient) {
    return !envelope.envelope().from().equals(recipient)
        && envelope.envelope().to().map(recipient::equals).orElse(true);
  }

  private void receive(int round, TestParty recipient, byte[] bytes) {
    switch (recipient.endpoint.receive(round, bytes, NOW, _ -> 0)) {
      case Reception.Accepted _ -> {}
      case Reception.Dropped(DropReason reason) ->
          drops.computeIfAbsent(recipient.id, _ -> new ArrayList<>()).add(reason);
      case Reception.Contradiction(Fault fault, List<PartyId> culprits, var evidence) -> {
        if (endings.putIfAbsent(recipient.id, new Ending.Aborted(fault, culprits)) == null) {
          contradictions.put(recipient.id, evidence);
        }
      }
    }
  }

  /** What a party that aborted says of it to others, as it travels. */
  byte[] blame(PartyId accuser) {
    if (endings.get(accuser) instanceof Ending.Aborted(Fault fault, List<PartyId> culprits)) {
      return party(accuser)
          .endpoint
          .accuse(
              fault, culprits, contradictions.getOrDefault(accuser, List.of()), Optional.empty())
          .encoded();
    }
    throw new AssertionError(accuser + " ended otherwise: " + endings.get(accuser));
  }

  /** What that is worth to whoever knows the identity keys and nothing else. */
  Verdict judged(byte[] blame) {
    return new BlameVerifier(new IdentityPins(TestParty.pins(context)), _ -> group)
        .verify(SignedBlame.decode(blame).valid().orElseThrow());
  }

  TestParty party(PartyId id) {
    return Optional.ofNullable(parties.get(id)).orElseThrow();
  }

  /** Why a party ignored what it ignored. */
  List<DropReason> drops(PartyId id) {
    return drops.getOrDefault(id, List.of());
  }

  Ending.Done done(PartyId party) {
    if (endings.get(party) instanceof Ending.Done done) {
      return done;
    }
    throw new AssertionError(party + " ended otherwise: " + endings.get(party));
  }

  @Override
  public void close() {
    actors.values().forEach(Actor::close);
    parties.values().forEach(TestParty::close);
  }

  /** Follows the protocol, state by state. */
  final class Honest implements Actor {
    private final TestParty party;
    private Optional<AutoCloseable> state = Optional.empty();
    private Optional<Certified> certified = Optional.empty();
    private final SortedMap<EvaluationPoint, byte[]> shares = new TreeMap<>();

    Honest(TestParty party) {
      this.party = party;
    }

    @Override
    public List<SignedEnvelope> send(int round) {
      if (endings.containsKey(party.id)) {
        close();
        return List.of();
      }
      return switch (round) {
        case 1 -> {
          var committed = Committed.start(party.means, party.endpoint, Optional.empty());
          state = Optional.of(committed);
          yield committed.outbox();
        }
        case 2 -> complete(1) ? deal() : stuck(1);
        case 3 -> complete(2) ? check() : stuck(2);
        case 4 -> {
          if (complete(3)) {
            certify();
          } else {
            stuck(3);
          }
          yield List.of();
        }
        default -> {
          collect();
          yield List.of();
        }
      };
    }

    private boolean complete(int round) {
      return party.endpoint.missingBroadcasts(round).isEmpty()
          && (round == 1
              || !PairSetup.belongsTo(context.suite())
              || party.endpoint.missingSealed(round).isEmpty());
    }

    private List<SignedEnvelope> stuck(int round) {
      endings.put(party.id, new Ending.Stuck(round));
      close();
      return List.of();
    }

    private <S extends AutoCloseable> Optional<S> follow(Step<S> step) {
      return switch (step) {
        case Step.Advanced<S>(S next) -> {
          state = Optional.of(next);
          yield Optional.of(next);
        }
        case Step.Aborted<S>(Fault fault, List<PartyId> culprits) -> {
          endings.put(party.id, new Ending.Aborted(fault, culprits));
          yield Optional.empty();
        }
      };
    }

    private List<SignedEnvelope> deal() {
      return follow(((Committed) state.orElseThrow()).deal()).map(Dealt::outbox).orElse(List.of());
    }

    private List<SignedEnvelope> check() {
      var dealt = (Dealt) state.orElseThrow();
      var step = dealt.check();
      if (step.isEmpty()) {
        hearAgain();
        step = dealt.check();
      }
      return follow(step.orElseThrow()).map(Checked::outbox).orElse(List.of());
    }

    /** Gets from their senders what was forgotten of round 2. */
    private void hearAgain() {
      var missing = party.endpoint.missingBroadcasts(2);
      asked.put(party.id, missing);
      for (var sent : traffic) {
        if (sent.envelope().round() == 2 && missing.contains(sent.envelope().from())) {
          receive(2, party, sent.encoded());
        }
      }
    }

    private void certify() {
      var certifiable = follow(((Checked) state.orElseThrow()).conclude());
      if (certifiable.isEmpty()) {
        return;
      }
      var points = certifiable.get().key().committee().pointsOf(party.id);
      certifiable
          .get()
          .lend(bytes -> {
            for (int i = 0; i < points.size(); i++) {
              shares.put(points.get(i), bytes.asSlice(32L * i, 32).toArray(ValueLayout.JAVA_BYTE));
            }
            return bytes.byteSize();
          });
      for (var peer : certifiable.get().pairs()) {
        pairs
            .computeIfAbsent(party.id, _ -> new TreeMap<>())
            .put(
                peer,
                certifiable.get().lendPair(peer, bytes -> bytes.toArray(ValueLayout.JAVA_BYTE)));
      }
      certified = Optional.of(certifiable.get().certify(Identity.of(party.id)::sign));
    }

    @Override
    public List<SignedStatement> certificates() {
      return certified.map(state -> List.of(state.certificate())).orElse(List.of());
    }

    private void collect() {
      var sent = certified.orElseThrow();
      var collected = sent.collect(statements);
      var ledger =
          CommitLedger.of(
                  sent.key().session(),
                  sent.key().epoch(),
                  party.id,
                  new TreeMap<>(TestParty.pins(context)),
                  Optional.of(sent.key().certificate().certified()))
              .withAll(collected.certificates());
      endings.put(
          party.id,
          new Ending.Done(sent.key(), shares, ledger, collected.refused(), collected.missing()));
      close();
    }

    @Override
    public void close() {
      state.ifPresent(open -> {
        try {
          open.close();
        } catch (Exception unexpected) {
          throw new AssertionError(unexpected);
        }
      });
    }
  }
}
