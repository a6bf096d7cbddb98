package io.sharekeep.enclave.session;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.Committed;
import io.sharekeep.threshold.ecdsa.EcdsaSignature;
import io.sharekeep.threshold.ecdsa.Extended;
import io.sharekeep.threshold.ecdsa.Multiplied;
import io.sharekeep.threshold.ecdsa.Opened;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.ecdsa.Partial;
import io.sharekeep.threshold.ecdsa.Presignature;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One signature of threshold ECDSA at one party, as far as it has come. */
final class EcdsaLane implements AutoCloseable {
  private final Optional<SigningOrder.Lane> order;
  private final Endpoint endpoint;
  private Phase phase;
  private List<SignedEnvelope> outbox;

  /** The state of the protocol; each is left by spending it. */
  private sealed interface Phase {
    record Committing(Committed state) implements Phase {}

    record Extending(Extended state) implements Phase {}

    record Multiplying(Multiplied state) implements Phase {}

    record Certifying(io.sharekeep.threshold.ecdsa.Certifying state) implements Phase {}

    record Certified(Presignature state) implements Phase {}

    record Opening(Opened state) implements Phase {}

    record Signing(Partial state) implements Phase {}

    record Signed(EcdsaSignature signature) implements Phase {}

    record Over() implements Phase {}
  }

  private EcdsaLane(
      Optional<SigningOrder.Lane> order,
      Endpoint endpoint,
      Phase phase,
      List<SignedEnvelope> outbox) {
    this.order = order;
    this.endpoint = endpoint;
    this.phase = phase;
    this.outbox = outbox;
  }

  /**
   * Runs round 1.
   *
   * @param order empty where the message is not known yet
   * @param checkpoint this party's newest signed log checkpoint
   */
  static EcdsaLane start(
      Optional<SigningOrder.Lane> order, Endpoint endpoint, Means means, Octets checkpoint) {
    var committed = Committed.start(means, endpoint, Optional.of(checkpoint));
    return new EcdsaLane(order, endpoint, new Phase.Committing(committed), committed.outbox());
  }

  /**
   * Binds a presignature to a message and opens this party's entropy: round 1 of its use.
   *
   * @throws IllegalStateException when it serves another message already
   */
  static EcdsaLane use(
      SigningOrder.Lane order, Endpoint endpoint, Presignature presignature, Octets checkpoint) {
    var opened =
        presignature
            .open(endpoint, order.ecdsa(), Octets.of(order.message()), Optional.of(checkpoint))
            .orElseThrow(() -> new IllegalStateException("a presignature is used twice"));
    return new EcdsaLane(Optional.of(order), endpoint, new Phase.Opening(opened), opened.outbox());
  }

  SigningOrder.Lane order() {
    return order.orElseThrow();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** What the last round sends. */
  List<SignedEnvelope> outbox() {
    return outbox;
  }

  /** Under which session messages of a round come. */
  Optional<Octets> session(int round) {
    return round == 1 ? Optional.of(endpoint.contextHash()) : endpoint.session();
  }

  /** Round 2. */
  Optional<Step.Aborted<?>> extend(Pairs pairs) {
    return phase instanceof Phase.Committing(Committed state)
        ? follow(state.extend(pairs), Extended::outbox, Phase.Extending::new)
        : wrongOrder();
  }

  /** Round 3. */
  Optional<Step.Aborted<?>> multiply(Pairs pairs, MemorySegment shares) {
    return phase instanceof Phase.Extending(Extended state)
        ? follow(state.multiply(pairs, shares), Multiplied::outbox, Phase.Multiplying::new)
        : wrongOrder();
  }

  /** Round 4. */
  Optional<Step.Aborted<?>> sign(Pairs pairs, MemorySegment shares) {
    return phase instanceof Phase.Multiplying(Multiplied state)
        ? follow(
            state.sign(pairs, shares, order().ecdsa(), Octets.of(order().message())),
            Partial::outbox,
            Phase.Signing::new)
        : wrongOrder();
  }

  /** Round 4 where the message is not known yet. */
  Optional<Step.Aborted<?>> certify(
      Pairs pairs, MemorySegment shares, Element publicKey, Scratch shelf) {
    return phase instanceof Phase.Multiplying(Multiplied state)
        ? follow(
            state.presign(pairs, shares, publicKey, shelf),
            io.sharekeep.threshold.ecdsa.Certifying::outbox,
            Phase.Certifying::new)
        : wrongOrder();
  }

  /** Compares what all have certified. */
  Optional<Step.Aborted<?>> conclude() {
    return phase instanceof Phase.Certifying(var state)
        ? follow(state.conclude(), _ -> List.of(), Phase.Certified::new)
        : wrongOrder();
  }

  /** After {@link #conclude}, once: it is the caller's. */
  Presignature presignature() {
    if (phase instanceof Phase.Certified(Presignature made)) {
      phase = new Phase.Over();
      return made;
    }
    throw new IllegalStateException("nothing is certified");
  }

  /** Digest of message, path and signers, 32 bytes: what the presignature is bound to. */
  Octets request() {
    if (phase instanceof Phase.Opening(Opened state)) {
      return state.request();
    }
    throw new IllegalStateException("nothing is bound");
  }

  /** Round 2 of a presignature's use. */
  Optional<Step.Aborted<?>> complete() {
    return phase instanceof Phase.Opening(Opened state)
        ? follow(state.sign(), Partial::outbox, Phase.Signing::new)
        : wrongOrder();
  }

  /** Joins the partial signatures; what does not verify is not shown. */
  Optional<Step.Aborted<?>> combine(SignatureVerifier verifier) {
    return phase instanceof Phase.Signing(Partial state)
        ? follow(state.combine(verifier), _ -> List.of(), Phase.Signed::new)
        : wrongOrder();
  }

  /** After {@link #combine}. */
  EcdsaSignature signature() {
    if (phase instanceof Phase.Signed(EcdsaSignature signature)) {
      return signature;
    }
    throw new IllegalStateException("nothing is signed");
  }

  private static Optional<Step.Aborted<?>> wrongOrder() {
    throw new IllegalStateException("another round is next");
  }

  private <S> Optional<Step.Aborted<?>> follow(
      Step<S> step, Function<S, List<SignedEnvelope>> sent, Function<S, Phase> next) {
    return switch (step) {
      case Step.Advanced<S>(S state) -> {
        phase = next.apply(state);
        outbox = sent.apply(state);
        yield Optional.empty();
      }
      case Step.Aborted<S>(Fault fault, List<PartyId> culprits) -> {
        phase = new Phase.Over();
        yield Optional.of(new Step.Aborted<S>(fault, culprits));
      }
    };
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    var left = phase;
    phase = new Phase.Over();
    switch (left) {
      case Phase.Committing(Committed state) -> state.close();
      case Phase.Extending(Extended state) -> state.close();
      case Phase.Multiplying(Multiplied state) -> state.close();
      case Phase.Certifying(var state) -> state.close();
      case Phase.Certified(Presignature state) -> state.close();
      case Phase.Opening(Opened state) -> state.close();
      case Phase.Signing _, Phase.Signed _, Phase.Over _ -> {}
    }
  }
}
