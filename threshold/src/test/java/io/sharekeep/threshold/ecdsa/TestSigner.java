package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.keygen.Altered;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.keygen.TestParty;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Sealing;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One party that signs in memory; with a mutator, one that does not do as it should. */
final class TestSigner implements AutoCloseable {
  static final SignatureVerifier VERIFIER = SignatureVerifier.open();

  /** What a rogue makes of what it should send; the identity for an honest party. */
  interface Mutator {
    Mutator HONEST = (_, _, _) -> false;

    /** Changes the payload for {@code to} in place; true if it did. */
    boolean mutate(int round, Optional<PartyId> to, MemorySegment payload);
  }

  final TestParty party;
  final Means means;
  private final Mutator mutator;
  private final SortedMap<PartyId, Scratch.Slab> pairs = new TreeMap<>();
  private final Scratch.Slab shares;
  private byte[] lastDraw = new byte[0];
  private byte[] ephemeral = new byte[0];
  private Optional<AutoCloseable> state = Optional.empty();
  private Optional<Partial> partial = Optional.empty();
  private Optional<PartyId> broken = Optional.empty();
  private Optional<AutoCloseable> kept = Optional.empty();

  /** How it ended, if it has. */
  Optional<Step.Aborted<?>> aborted = Optional.empty();

  Optional<EcdsaSignature> signature = Optional.empty();

  Optional<Presignature> presignature = Optional.empty();

  TestSigner(
      TestKey key, SessionContext context, PartyId id, Group group, long seed, Mutator mutator) {
    this.mutator = mutator;
    this.party = new TestParty(context, id, group, seed);
    var seeded = new SeededRandomness(seed * 7919 + id.value());
    Randomness recorded =
        out -> {
          seeded.fill(out);
          lastDraw = out.toArray(ValueLayout.JAVA_BYTE);
        };
    this.means = new Means(group, TestParty.PRIMITIVES, party.scratch, recorded);
    for (var peer : context.signers()) {
      if (!peer.equals(id)) {
        pairs.put(peer, party.scratch.holding(key.pair(id, peer)));
      }
    }
    this.shares = party.scratch.holding(key.shares(id));
  }

  private PairSecrets pair(PartyId peer) {
    if (broken.equals(Optional.of(peer))) {
      var slab = party.scratch.borrow(PairSecrets.LENGTH);
      var dead = new PairSecrets(slab.bytes());
      slab.close();
      return dead;
    }
    return new PairSecrets(Optional.ofNullable(pairs.get(peer)).orElseThrow().bytes());
  }

  /** A pair's secrets, for a test to look at or to spoil. */
  MemorySegment pairBytes(PartyId peer) {
    return Optional.ofNullable(pairs.get(peer)).orElseThrow().bytes();
  }

  List<SignedEnvelope> send(int round, SigningKey signingKey, Octets digest) {
    if (aborted.isPresent()) {
      return List.of();
    }
    List<SignedEnvelope> honest =
        switch (presigns() && round > 3 ? round + 10 : round) {
          case 1 -> {
            var committed = Committed.start(means, party.endpoint, Optional.empty());
            ephemeral = lastDraw;
            state = Optional.of(committed);
            yield committed.outbox();
          }
          case 2 ->
              follow(((Committed) state.orElseThrow()).extend(this::pair))
                  .map(Extended::outbox)
                  .orElse(List.of());
          case 3 ->
              follow(((Extended) state.orElseThrow()).multiply(this::pair, shares.bytes()))
                  .map(Multiplied::outbox)
                  .orElse(List.of());
          case 14 ->
              follow(
                      ((Multiplied) state.orElseThrow())
                          .presign(this::pair, shares.bytes(), signingKey.stored(), party.scratch))
                  .map(Certifying::outbox)
                  .orElse(List.of());
          case 4 -> {
            partial =
                answer(
                    ((Multiplied) state.orElseThrow())
                        .sign(this::pair, shares.bytes(), signingKey, digest));
            yield partial.map(Partial::outbox).orElse(List.of());
          }
          case 15 -> {
            presignature = answer(((Certifying) state.orElseThrow()).conclude());
            yield List.of();
          }
          default -> {
            signature = partial.flatMap(p -> answer(p.combine(VERIFIER)));
            yield List.of();
          }
        };
    return honest.stream().map(envelope -> mutated(round, envelope)).toList();
  }

  /** Leaves the pair's secrets unusable, as a fault of memory would. */
  void breakPair(PartyId peer) {
    pairBytes(peer);
    broken = Optional.of(peer);
  }

  /** Remembers the present state beyond its step. */
  void keepState() {
    kept = state;
  }

  /** Steps the remembered state once more. */
  void stepKept(int round, SigningKey signingKey, Octets digest) {
    var now = state;
    state = kept;
    try {
      send(round, signingKey, digest);
    } finally {
      state = now;
    }
  }

  /** Asks for a signature whatever the session is. */
  void signAnyway(SigningKey signingKey, Octets digest) {
    ((Multiplied) state.orElseThrow()).sign(this::pair, shares.bytes(), signingKey, digest);
  }

  private boolean presigns() {
    return party.endpoint.context().protocol() == Protocol.PRESIGN;
  }

  private SignedEnvelope mutated(int round, SignedEnvelope envelope) {
    var to = envelope.envelope().to();
    if (to.isEmpty()) {
      var payload = envelope.envelope().payload().toArray();
      return mutator.mutate(round, to, MemorySegment.ofArray(payload))
          ? party.signer.sign(Altered.payload(envelope.envelope(), Octets.of(payload)))
          : envelope;
    }
    long length = envelope.envelope().payload().length() - 16L;
    try (var slab = party.scratch.borrow(length)) {
      try (var mirror = sealing(to.get(), true)) {
        if (!mirror.open(
            round,
            1,
            envelope.envelope().associatedData(),
            envelope.envelope().payload(),
            slab.bytes())) {
          throw new AssertionError("the mirror does not open");
        }
      }
      if (!mutator.mutate(round, to, slab.bytes())) {
        return envelope;
      }
      try (var own = sealing(to.get(), false)) {
        return party.endpoint.seal(round, to.get(), own, slab.bytes());
      }
    }
  }

  /** The channel to a peer once more; as the peer has it when it is mirrored. */
  private Sealing sealing(PartyId peer, boolean mirrored) {
    var session = party.endpoint.session().orElseThrow();
    try (var secret = party.scratch.holding(ephemeral)) {
      var theirs = side(peer);
      var own = side(party.id);
      return Sealing.agree(
              TestParty.PRIMITIVES,
              party.scratch,
              secret.bytes(),
              session,
              mirrored ? theirs : own,
              mirrored ? new Sealing.Side(party.id, theirs.ephemeralKey(), own.roundOne()) : theirs)
          .orElseThrow();
    }
  }

  private Sealing.Side side(PartyId id) {
    var envelope = Optional.ofNullable(party.endpoint.accepted(1).get(id)).orElseThrow();
    var commitment = DkgCommitment.decode(envelope.envelope().payload()).valid().orElseThrow();
    return new Sealing.Side(id, commitment.ephemeralKey(), envelope.hash());
  }

  private <S extends AutoCloseable> Optional<S> follow(Step<S> step) {
    var next = answer(step);
    state = next.map(s -> s);
    return next;
  }

  private <S> Optional<S> answer(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(S next) -> Optional.of(next);
      case Step.Aborted<S>(Fault fault, List<PartyId> culprits) -> {
        aborted = Optional.of(new Step.Aborted<S>(fault, culprits));
        yield Optional.empty();
      }
    };
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
    presignature.ifPresent(Presignature::close);
    pairs.values().forEach(Scratch.Slab::close);
    shares.close();
    party.close();
  }

  /** A whole signature among some parties. */
  static final class Ceremony implements AutoCloseable {
    final SortedMap<PartyId, TestSigner> signers = new TreeMap<>();
    final List<SignedEnvelope> traffic = new ArrayList<>();
    private final SigningKey key;
    private final Octets digest;

    Ceremony(SigningKey key, Octets digest) {
      this.key = key;
      this.digest = digest;
    }

    Ceremony with(TestSigner signer) {
      signers.put(signer.party.id, signer);
      return this;
    }

    Ceremony run() {
      return run(5);
    }

    Ceremony run(int rounds) {
      return run(1, rounds);
    }

    Ceremony run(int first, int last) {
      for (int round = first; round <= last; round++) {
        var sent = new ArrayList<SignedEnvelope>();
        for (var signer : signers.values()) {
          if (complete(signer, round)) {
            sent.addAll(signer.send(round, key, digest));
          }
        }
        traffic.addAll(sent);
        for (var envelope : sent) {
          for (var signer : signers.values()) {
            boolean addressed =
                !envelope.envelope().from().equals(signer.party.id)
                    && envelope.envelope().to().map(signer.party.id::equals).orElse(true);
            if (addressed) {
              signer.party.endpoint.receive(round, envelope.encoded(), TestParty.NOW, _ -> 0);
            }
          }
        }
      }
      return this;
    }

    private static boolean complete(TestSigner signer, int round) {
      var endpoint = signer.party.endpoint;
      return switch (round) {
        case 1 -> true;
        case 2, 5 -> endpoint.missingBroadcasts(round - 1).isEmpty();
        default -> endpoint.missingSealed(round - 1).isEmpty();
      };
    }

    TestSigner signer(int id) {
      return Optional.ofNullable(signers.get(new PartyId(id))).orElseThrow();
    }

    @Override
    public void close() {
      signers.values().forEach(TestSigner::close);
    }
  }
}
