package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * ECDSA signing, round 3 sent: the products are on their way and the nonces open. Goes on with
 * {@link #sign} once the sealed message of every peer has been accepted.
 */
public final class Multiplied implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Quorum quorum;
  private final SortedMap<PartyId, DkgCommitment> commitments;
  private final List<SignedEnvelope> outbox;
  private final Element keyPoint;
  private final Once<Held> held;

  /** What round 2 left, and c^u ‖ c^v towards each peer. */
  record Held(Extended.Held extended, Slabs outputs) implements AutoCloseable {
    @Override
    public void close() {
      try (extended) {
        outputs.close();
      }
    }

    @Override
    public String toString() {
      return "Held[redacted]";
    }
  }

  Multiplied(
      Means means,
      Endpoint endpoint,
      Quorum quorum,
      SortedMap<PartyId, DkgCommitment> commitments,
      List<SignedEnvelope> outbox,
      Element keyPoint,
      Extended.Held extended,
      Slabs outputs) {
    this.means = means;
    this.endpoint = endpoint;
    this.quorum = quorum;
    this.commitments = commitments;
    this.outbox = List.copyOf(outbox);
    this.keyPoint = keyPoint;
    this.held = new Once<>(new Held(extended, outputs));
  }

  public List<SignedEnvelope> outbox() {
    return outbox;
  }

  /**
   * Checks every product, and signs the message that the session was opened for: round 4. The
   * caller sends the outbox only after the record that this session has signed is durable.
   *
   * @param pairs the secrets of the pair with each peer, lent for this call
   * @param shares this party's shares of the key, ascending by point, 32 bytes each, lent
   * @param key what the signature verifies under, from the caller's own record
   * @param digest 32 bytes: the hash of the message, from the caller's own derivation
   * @throws IllegalStateException when round 3 is not complete
   */
  public Step<Partial> sign(Pairs pairs, MemorySegment shares, SigningKey key, Octets digest) {
    Rounds.require(endpoint.missingSealed(Rounds.MULTIPLY).isEmpty(), Rounds.MULTIPLY);
    requireProtocol(Protocol.ECDSA_SIGN);
    var message = Message.of(means.group(), digest);
    try (var spent = held.spend()) {
      var finish = new Finish(means, endpoint, quorum, commitments, keyPoint);
      return switch (finish.check(spent, pairs, shares, key.stored(), means.scratch())) {
        case Step.Aborted<Shares>(Fault fault, List<PartyId> culprits) ->
            new Step.Aborted<>(fault, culprits);
        case Step.Advanced<Shares>(Shares made) -> {
          try (made) {
            yield made.sign(endpoint, Rounds.SIGN, key, message, Optional.empty());
          }
        }
      };
    }
  }

  /**
   * Checks every product, and keeps what comes of them for a message that is not known yet: round 4
   * of a presignature.
   *
   * @param pairs the secrets of the pair with each peer, lent for this call
   * @param shares this party's shares of the key, ascending by point, 32 bytes each, lent
   * @param publicKey PK as key generation left it, from the caller's own record
   * @param pool where the presignature lies until it is used, 128 bytes of it
   * @throws IllegalStateException when round 3 is not complete, or the session is of a message
   */
  public Step<Certifying> presign(
      Pairs pairs, MemorySegment shares, Element publicKey, Scratch pool) {
    Rounds.require(endpoint.missingSealed(Rounds.MULTIPLY).isEmpty(), Rounds.MULTIPLY);
    requireProtocol(Protocol.PRESIGN);
    try (var spent = held.spend()) {
      var finish = new Finish(means, endpoint, quorum, commitments, keyPoint);
      return switch (finish.check(spent, pairs, shares, publicKey, pool)) {
        case Step.Aborted<Shares>(Fault fault, List<PartyId> culprits) ->
            new Step.Aborted<>(fault, culprits);
        case Step.Advanced<Shares>(Shares made) ->
            new Step.Advanced<>(Certifying.certify(means, endpoint, made));
      };
    }
  }

  private void requireProtocol(Protocol protocol) {
    if (endpoint.context().protocol() != protocol) {
      throw new IllegalStateException("the session is one of " + endpoint.context().protocol());
    }
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Held::close);
  }
}
