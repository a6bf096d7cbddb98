package io.sharekeep.enclave.session;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.Committed;
import io.sharekeep.threshold.ecdsa.EcdsaSignature;
import io.sharekeep.threshold.ecdsa.Extended;
import io.sharekeep.threshold.ecdsa.Multiplied;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.ecdsa.Partial;
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
  private final SigningOrder.Lane order;
  private final Endpoint endpoint;
  private Phase phase;
  private List<SignedEnvelope> outbox;

  /** The state of the protocol; each is left by spending it. */
  private sealed interface Phase {
    record Committing(Committed state) implements Phase {}

    record Extending(Extended state) implements Phase {}

    record Multiplying(Multiplied state) implements Phase {}

    record Signing(Partial state) implements Phase {}

    record Signed(EcdsaSignature signature) implements Phase {}

    record Over() implements Phase {}
  }

  private EcdsaLane(SigningOrder.Lane order, Endpoint endpoint, Committed committed) {
    this.order = order;
    this.endpoint = endpoint;
    this.phase = new Phase.Committing(committed);
    this.outbox = committed.outbox();
  }

  /**
   * Runs round 1.
   *
   * @param checkpoint this party's newest signed log checkpoint
   */
  static EcdsaLane start(
      SigningOrder.Lane order, Endpoint endpoint, Means means, Octets checkpoint) {
    return new EcdsaLane(
        order, endpoint, Committed.start(means, endpoint, Optional.of(checkpoint)));
  }

  SigningOrder.Lane order() {
    return order;
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
            state.sign(pairs, shares, order.ecdsa(), Octets.of(order.message())),
            Partial::outbox,
            Phase.Signing::new)
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
      case Phase.Signing _, Phase.Signed _, Phase.Over _ -> {}
    }
  }
}
