package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.Certifying;
import io.sharekeep.threshold.ecdsa.Committed;
import io.sharekeep.threshold.ecdsa.Extended;
import io.sharekeep.threshold.ecdsa.Multiplied;
import io.sharekeep.threshold.ecdsa.Opened;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.ecdsa.Partial;
import io.sharekeep.threshold.ecdsa.Presignature;
import io.sharekeep.threshold.ecdsa.SigningKey;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Reception;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Two of three sign by ECDSA. Every source of randomness is seeded, so that what the second one has
 * said once fits whatever the first one does again, up to the message that is another.
 */
public final class EcdsaDuet {
  private static final Octets DIGEST = Octets.of(new byte[32]);
  private static final SignatureVerifier VERIFIER = SignatureVerifier.open();

  private final Cast cast = new Cast();
  private final Group group = Groups.open(new Seeded(99)).secp256k1();
  private final Scratch scratch;
  private final long seed;
  private final SigningKey key;
  private final Map<PartyId, Scratch.Slab> shares = new TreeMap<>();
  private final Map<PartyId, Scratch.Slab> secrets = new TreeMap<>();
  private final Map<Protocol, Script> scripts = new EnumMap<>(Protocol.class);

  /** Which message of the second party the first one's next step hangs on. */
  public enum Part {
    COMMIT(Protocol.ECDSA_SIGN, 1),
    EXTEND(Protocol.ECDSA_SIGN, 2),
    MULTIPLY(Protocol.ECDSA_SIGN, 3),
    COMBINE(Protocol.ECDSA_SIGN, 4),
    CERTIFY(Protocol.PRESIGN, 4),
    OPEN(Protocol.ECDSA_ONLINE, 1),
    COMPLETE(Protocol.ECDSA_ONLINE, 2);

    private final Protocol protocol;
    private final int round;

    Part(Protocol protocol, int round) {
      this.protocol = protocol;
      this.round = round;
    }
  }

  /** A session as it was once: what the second party sent, and what its sealed channel hangs on. */
  private record Script(
      SessionContext context,
      SortedMap<Integer, SignedEnvelope> sent,
      SortedMap<Integer, Octets> payloads,
      Optional<Endpoint> rogue,
      Optional<byte[]> ephemeral) {}

  /** Remembers what it gave last: in round 1 that is the ephemeral key. */
  private static final class Remembering implements Randomness {
    private final Randomness seeded;
    private byte[] last = new byte[0];

    Remembering(Randomness seeded) {
      this.seeded = seeded;
    }

    @Override
    public void fill(MemorySegment out) {
      seeded.fill(out);
      last = out.toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /**
   * @param scratch what both work with
   * @param seed of shares, pair secrets and nonces
   */
  public EcdsaDuet(Scratch scratch, long seed) {
    this.scratch = scratch;
    this.seed = seed;
    this.key = SigningKey.stored(group, deal());
    agree();
    record(Protocol.ECDSA_SIGN);
    record(Protocol.PRESIGN);
    recordOnline();
  }

  private Means means(Randomness randomness) {
    return new Means(group, cast.primitives(), scratch, randomness);
  }

  private Randomness randomness(PartyId party) {
    return new Seeded(1000 * seed + party.value());
  }

  /** f(x) = s + a·x: the public key is s·G. */
  private Element deal() {
    var ops = group.secretOps();
    for (var party : List.of(Cast.VICTIM, Cast.ROGUE)) {
      shares.put(party, scratch.borrow(GroupId.SCALAR_LENGTH)); // lives as long as this
      secrets.put(party, scratch.borrow(PairSecrets.LENGTH));
    }
    try (var work = scratch.borrow(2L * GroupId.SCALAR_LENGTH)) {
      var secret = work.bytes().asSlice(0, GroupId.SCALAR_LENGTH);
      var slope = work.bytes().asSlice(GroupId.SCALAR_LENGTH, GroupId.SCALAR_LENGTH);
      var random = new Seeded(5 + seed);
      ops.random(random, scratch, secret);
      ops.random(random, scratch, slope);
      ops.add(secret, slope, of(shares, Cast.VICTIM));
      ops.add(of(shares, Cast.VICTIM), slope, of(shares, Cast.ROGUE));
      return ops.multiplyBase(scratch, secret).orElseThrow();
    }
  }

  private static MemorySegment of(Map<PartyId, Scratch.Slab> slabs, PartyId party) {
    return Optional.ofNullable(slabs.get(party)).orElseThrow().bytes();
  }

  private void agree() {
    var session = Octets.of(new byte[32]);
    try (var one = agreement(session, Cast.VICTIM, Cast.ROGUE);
        var other = agreement(session, Cast.ROGUE, Cast.VICTIM);
        var offers = scratch.borrow(2L * PairAgreement.OFFER.length());
        var answers = scratch.borrow(2L * PairAgreement.ANSWER.length())) {
      var first = half(offers, PairAgreement.OFFER.length(), 0);
      var second = half(offers, PairAgreement.OFFER.length(), 1);
      one.offer(first);
      other.offer(second);
      var answer = half(answers, PairAgreement.ANSWER.length(), 0);
      var reply = half(answers, PairAgreement.ANSWER.length(), 1);
      Finding.unless(
          other.answer(first, reply)
              && one.answer(second, answer)
              && one.finish(reply)
              && other.finish(answer),
          "two honest parties share nothing");
      of(secrets, Cast.VICTIM).copyFrom(one.bytes());
      of(secrets, Cast.ROGUE).copyFrom(other.bytes());
    }
  }

  private PairAgreement agreement(Octets session, PartyId self, PartyId peer) {
    return new PairAgreement(means(new Seeded(seed + self.value())), session, self, peer, 0);
  }

  private static MemorySegment half(Scratch.Slab both, int length, int index) {
    return both.bytes().asSlice((long) index * length, length);
  }

  private Pairs pairs(PartyId self) {
    return _ -> new PairSecrets(of(secrets, self));
  }

  private SortedMap<PartyId, Endpoint> endpoints(SessionContext context) {
    var endpoints = new TreeMap<PartyId, Endpoint>();
    for (var party : context.signers()) {
      endpoints.put(party, cast.endpoint(context, party));
    }
    return endpoints;
  }

  private void record(Protocol protocol) {
    var ephemeral = new TreeMap<PartyId, Remembering>();
    try (var pass =
        new Pass(
            protocol, id -> ephemeral.computeIfAbsent(id, _ -> new Remembering(randomness(id))))) {
      pass.commit();
      var keys = new TreeMap<PartyId, byte[]>();
      ephemeral.forEach((id, random) -> keys.put(id, random.last));
      pass.extend();
      pass.multiply();
      if (protocol == Protocol.ECDSA_SIGN) {
        pass.sign();
      } else {
        pass.certify();
      }
      try (var victim = channels(of(pass.endpoints, Cast.VICTIM), key(keys, Cast.VICTIM))) {
        var payloads = new TreeMap<Integer, Octets>();
        pass.sent.forEach((round, envelope) ->
            payloads.put(round, payload(pass.endpoints, round, envelope, victim)));
        scripts.put(
            protocol,
            new Script(
                pass.context,
                pass.sent,
                payloads,
                Optional.of(of(pass.endpoints, Cast.ROGUE)),
                Optional.of(key(keys, Cast.ROGUE))));
      }
    }
  }

  /** Both parties, a round at a time; what the second one sends is kept. */
  private final class Pass implements AutoCloseable {
    private final SessionContext context;
    private final SortedMap<PartyId, Endpoint> endpoints;
    private final Function<PartyId, Randomness> randomness;
    private final SortedMap<Integer, SignedEnvelope> sent = new TreeMap<>();
    private final SortedMap<PartyId, Committed> committed = new TreeMap<>();
    private final SortedMap<PartyId, Extended> extended = new TreeMap<>();
    private final SortedMap<PartyId, Multiplied> multiplied = new TreeMap<>();
    private final SortedMap<PartyId, Certifying> certifying = new TreeMap<>();

    Pass(Protocol protocol, Function<PartyId, Randomness> randomness) {
      this.context = cast.signing(protocol, List.of());
      this.endpoints = endpoints(context);
      this.randomness = randomness;
    }

    void commit() {
      endpoints.forEach((id, endpoint) ->
          committed.put(
              id, Committed.start(means(randomness.apply(id)), endpoint, Optional.empty())));
      carry(sent, 1, endpoints, committed, Committed::outbox);
    }

    void extend() {
      committed.forEach((id, state) -> extended.put(id, advanced(state.extend(pairs(id)))));
      carry(sent, 2, endpoints, extended, Extended::outbox);
    }

    void multiply() {
      extended.forEach(
          (id, state) -> multiplied.put(id, advanced(state.multiply(pairs(id), of(shares, id)))));
      carry(sent, 3, endpoints, multiplied, Multiplied::outbox);
    }

    void sign() {
      var partial = new TreeMap<PartyId, Partial>();
      multiplied.forEach((id, state) ->
          partial.put(id, advanced(state.sign(pairs(id), of(shares, id), key, DIGEST))));
      carry(sent, 4, endpoints, partial, Partial::outbox);
    }

    void certify() {
      multiplied.forEach((id, state) ->
          certifying.put(
              id, advanced(state.presign(pairs(id), of(shares, id), key.stored(), scratch))));
      carry(sent, 4, endpoints, certifying, Certifying::outbox);
    }

    <S> S victim(SortedMap<PartyId, S> states) {
      return Optional.ofNullable(states.get(Cast.VICTIM)).orElseThrow();
    }

    @Override
    public void close() {
      committed.values().forEach(Committed::close);
      extended.values().forEach(Extended::close);
      multiplied.values().forEach(Multiplied::close);
      certifying.values().forEach(Certifying::close);
    }
  }

  /** One step of the first party, ready to be taken once. */
  public record Ready(Supplier<Object> step, Runnable undo) {}

  /**
   * A session of both, fresh as its randomness, up to a step of the first party.
   *
   * @param part of signing, but for the last
   */
  public Ready ready(Part part, Randomness own, Randomness other) {
    var pass = new Pass(part.protocol, id -> id.equals(Cast.VICTIM) ? own : other);
    pass.commit();
    return switch (part) {
      case COMMIT -> ready(pass, () -> pass.victim(pass.committed).extend(pairs(Cast.VICTIM)));
      case EXTEND -> {
        pass.extend();
        yield ready(
            pass,
            () -> pass.victim(pass.extended).multiply(pairs(Cast.VICTIM), of(shares, Cast.VICTIM)));
      }
      case MULTIPLY -> {
        pass.extend();
        pass.multiply();
        yield ready(
            pass,
            () ->
                pass.victim(pass.multiplied)
                    .sign(pairs(Cast.VICTIM), of(shares, Cast.VICTIM), key, DIGEST));
      }
      case COMBINE, CERTIFY, OPEN, COMPLETE ->
          throw new IllegalArgumentException(part + " touches no secret, or not in that way");
    };
  }

  private static <S> Ready ready(Pass pass, Supplier<Step<S>> step) {
    var left = new ArrayList<AutoCloseable>();
    return new Ready(
        () -> {
          var state = advanced(step.get());
          if (state instanceof AutoCloseable held) {
            left.add(held);
          }
          return state;
        },
        () -> {
          pass.close();
          left.forEach(EcdsaDuet::end);
        });
  }

  private static void end(AutoCloseable state) {
    switch (state) {
      case Extended extended -> extended.close();
      case Multiplied multiplied -> multiplied.close();
      default -> throw new IllegalStateException("no state of a signature");
    }
  }

  private static <S> void carry(
      SortedMap<Integer, SignedEnvelope> kept,
      int round,
      SortedMap<PartyId, Endpoint> endpoints,
      SortedMap<PartyId, S> states,
      Function<S, List<SignedEnvelope>> outbox) {
    states.forEach((from, state) ->
        outbox
            .apply(state)
            .forEach(envelope -> {
              if (from.equals(Cast.ROGUE)) {
                kept.put(round, envelope);
              }
              endpoints.forEach((id, endpoint) -> {
                if (!id.equals(from)) {
                  endpoint.receive(round, envelope.encoded(), Cast.NOW, _ -> 0);
                }
              });
            }));
  }

  private static Endpoint of(SortedMap<PartyId, Endpoint> endpoints, PartyId party) {
    return Optional.ofNullable(endpoints.get(party)).orElseThrow();
  }

  private static byte[] key(SortedMap<PartyId, byte[]> keys, PartyId party) {
    return Optional.ofNullable(keys.get(party)).orElseThrow();
  }

  /** Agreed anew each time: a channel seals no nonce twice. */
  private Channels channels(Endpoint endpoint, byte[] ephemeral) {
    var commitments = new TreeMap<PartyId, DkgCommitment>();
    endpoint
        .accepted(1)
        .forEach((party, envelope) ->
            commitments.put(
                party, DkgCommitment.decode(envelope.envelope().payload()).valid().orElseThrow()));
    try (var own = scratch.borrow(32)) {
      own.bytes().copyFrom(MemorySegment.ofArray(ephemeral));
      return advanced(
          Channels.agree(cast.primitives(), scratch, endpoint, commitments, own.bytes()));
    }
  }

  /** As it was before it was sealed. */
  private Octets payload(
      SortedMap<PartyId, Endpoint> endpoints, int round, SignedEnvelope sent, Channels victim) {
    if (sent.envelope().to().isEmpty()) {
      return sent.envelope().payload();
    }
    try (var plain = scratch.borrow(sent.envelope().payload().length() - 16L)) {
      Finding.unless(
          Optional.ofNullable(endpoints.get(Cast.VICTIM))
              .orElseThrow()
              .open(round, Cast.ROGUE, victim.to(Cast.ROGUE), plain.bytes()),
          "what was sealed does not open");
      return Octets.of(plain.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private Script script(Protocol protocol) {
    return Optional.ofNullable(scripts.get(protocol)).orElseThrow();
  }

  private void recordOnline() {
    try (var one = presigned(Cast.VICTIM);
        var other = presigned(Cast.ROGUE)) {
      var context = cast.signing(Protocol.ECDSA_ONLINE, List.of(one.session()));
      var endpoints = endpoints(context);
      var sent = new TreeMap<Integer, SignedEnvelope>();
      var opened = new TreeMap<PartyId, Opened>();
      endpoints.forEach((id, endpoint) ->
          opened.put(
              id,
              (id.equals(Cast.VICTIM) ? one : other)
                  .open(endpoint, key, DIGEST, Optional.empty())
                  .orElseThrow()));
      carry(sent, 1, endpoints, opened, Opened::outbox);
      var partial = new TreeMap<PartyId, Partial>();
      opened.forEach((id, state) -> partial.put(id, advanced(state.sign())));
      carry(sent, 2, endpoints, partial, Partial::outbox);
      var payloads = new TreeMap<Integer, Octets>();
      sent.forEach((round, envelope) -> payloads.put(round, envelope.envelope().payload()));
      scripts.put(
          Protocol.ECDSA_ONLINE,
          new Script(context, sent, payloads, Optional.empty(), Optional.empty()));
    }
  }

  /** A party's presignature, made again. Both run, since what one says is what the other hears. */
  private Presignature presigned(PartyId self) {
    try (var pass = new Pass(Protocol.PRESIGN, this::randomness)) {
      pass.commit();
      pass.extend();
      pass.multiply();
      pass.certify();
      return advanced(Optional.ofNullable(pass.certifying.get(self)).orElseThrow().conclude());
    }
  }

  /** What the second party says when it is honest, before it is sealed. */
  public Octets honest(Part part) {
    return Optional.ofNullable(script(part.protocol).payloads().get(part.round)).orElseThrow();
  }

  /**
   * The first party's step after a message of the second with this payload.
   *
   * @return whether it advanced; a finding where anybody but the second is blamed
   */
  public boolean play(Part part, Octets payload) {
    var script = script(part.protocol);
    var endpoint = cast.endpoint(script.context(), Cast.VICTIM);
    var heard = new ArrayList<SignedEnvelope>(script.sent().values());
    var altered = altered(script, part.round, payload);
    if (altered.encoded().length > Envelope.MAX_LENGTH) {
      return false;
    }
    heard.set(part.round - 1, altered);
    return part.protocol == Protocol.ECDSA_ONLINE
        ? use(endpoint, part, heard)
        : make(endpoint, part, heard);
  }

  private SignedEnvelope altered(Script script, int round, Octets payload) {
    var honest = Optional.ofNullable(script.sent().get(round)).orElseThrow();
    if (honest.envelope().to().isEmpty()) {
      return cast.altered(honest.envelope(), payload);
    }
    var rogue = script.rogue().orElseThrow();
    try (var channels = channels(rogue, script.ephemeral().orElseThrow());
        var plain = scratch.borrow(payload.length())) {
      plain.bytes().copyFrom(MemorySegment.ofArray(payload.toArray()));
      return rogue.seal(round, Cast.VICTIM, channels.to(Cast.VICTIM), plain.bytes());
    }
  }

  private static void hear(Endpoint endpoint, int round, List<SignedEnvelope> heard) {
    var reception = endpoint.receive(round, heard.get(round - 1).encoded(), Cast.NOW, _ -> 0);
    Finding.unless(
        reception instanceof Reception.Accepted,
        "a valid envelope of round " + round + " was not accepted: " + reception);
  }

  private boolean make(Endpoint endpoint, Part part, List<SignedEnvelope> heard) {
    var own = of(shares, Cast.VICTIM);
    var pairs = pairs(Cast.VICTIM);
    try (var committed =
        Committed.start(means(randomness(Cast.VICTIM)), endpoint, Optional.empty())) {
      hear(endpoint, 1, heard);
      var extended = ended(committed.extend(pairs));
      if (part.round == 1 || extended.isEmpty()) {
        extended.ifPresent(Extended::close);
        return extended.isPresent();
      }
      hear(endpoint, 2, heard);
      var multiplied = ended(extended.get().multiply(pairs, own));
      if (part.round == 2 || multiplied.isEmpty()) {
        multiplied.ifPresent(Multiplied::close);
        return multiplied.isPresent();
      }
      hear(endpoint, 3, heard);
      if (part.protocol == Protocol.PRESIGN) {
        var certifying = advanced(multiplied.get().presign(pairs, own, key.stored(), scratch));
        hear(endpoint, 4, heard);
        var made = ended(certifying.conclude());
        made.ifPresent(Presignature::close);
        return made.isPresent();
      }
      var partial = ended(multiplied.get().sign(pairs, own, key, DIGEST));
      if (part.round == 3 || partial.isEmpty()) {
        return partial.isPresent();
      }
      hear(endpoint, 4, heard);
      return ended(partial.get().combine(VERIFIER)).isPresent();
    }
  }

  private boolean use(Endpoint endpoint, Part part, List<SignedEnvelope> heard) {
    try (var presignature = presigned(Cast.VICTIM);
        var opened = presignature.open(endpoint, key, DIGEST, Optional.empty()).orElseThrow()) {
      hear(endpoint, 1, heard);
      var partial = ended(opened.sign());
      if (part.round == 1 || partial.isEmpty()) {
        return partial.isPresent();
      }
      hear(endpoint, 2, heard);
      return ended(partial.get().combine(VERIFIER)).isPresent();
    }
  }

  private static <S> Optional<S> ended(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(S state) -> Optional.of(state);
      case Step.Aborted<S>(var fault, var culprits) -> {
        Finding.unless(
            List.of(Cast.ROGUE).containsAll(culprits), fault + " was blamed on " + culprits);
        yield Optional.empty();
      }
    };
  }

  private static <S> S advanced(Step<S> step) {
    return ended(step).orElseThrow(() -> new Finding("honest parties aborted"));
  }
}
