package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * ECDSA signing, the last round sent: this party's part of the signature is public. It holds no
 * secret any more. Goes on with {@link #combine} once every broadcast of that round has been
 * accepted.
 */
public final class Partial {
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private final Means means;
  private final Endpoint endpoint;
  private final int round;
  private final SigningKey key;
  private final Message message;
  private final Element point;
  private final SignedEnvelope broadcast;

  Partial(
      Means means,
      Endpoint endpoint,
      int round,
      SigningKey key,
      Message message,
      Element point,
      SignedEnvelope broadcast) {
    this.means = means;
    this.endpoint = endpoint;
    this.round = round;
    this.key = key;
    this.message = message;
    this.point = point;
    this.broadcast = broadcast;
  }

  /** To be sent once the record that this session has signed is durable. */
  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Combines the parts to a signature with a low s, and verifies it by other code than made it. One
   * that does not verify is not shown, and never tried again.
   *
   * @return {@code BAD_SIGNATURE} without culprits: a wrong part cannot be told from another
   * @throws IllegalStateException when the round is not complete
   */
  public Step<EcdsaSignature> combine(SignatureVerifier verifier) {
    Rounds.require(endpoint.missingBroadcasts(round).isEmpty(), round);
    var ops = means.group().publicOps();
    var denominator = ops.scalar(0);
    var numerator = ops.scalar(0);
    var faulty = new ArrayList<PartyId>();
    for (var entry : endpoint.accepted(round).entrySet()) {
      var parts = decode(ops, entry.getValue().envelope().payload());
      if (parts.isEmpty()) {
        faulty.add(entry.getKey());
      } else {
        denominator = ops.add(denominator, parts.get().getFirst());
        numerator = ops.add(numerator, parts.get().getLast());
      }
    }
    if (!faulty.isEmpty()) {
      return new Step.Aborted<>(Fault.BAD_ENCODING, faulty);
    }
    return signature(means, point, denominator, numerator)
        .filter(signature -> verifies(verifier, signature))
        .<Step<EcdsaSignature>>map(Step.Advanced::new)
        .orElseGet(() -> new Step.Aborted<>(Fault.BAD_SIGNATURE, List.of()));
  }

  private static Optional<List<PublicScalar>> decode(PublicOps ops, Octets payload) {
    var segment = MemorySegment.ofArray(payload.toArray());
    if (!Rounds.PARTIAL.framed(segment)) {
      return Optional.empty();
    }
    var u = ops.decodeScalar(Rounds.PARTIAL.field(segment, 0).toArray(ValueLayout.JAVA_BYTE));
    var w = ops.decodeScalar(Rounds.PARTIAL.field(segment, 1).toArray(ValueLayout.JAVA_BYTE));
    return u.flatMap(first -> w.map(second -> List.of(first, second)));
  }

  /** s = Σw / Σu', made low; empty where a sum is zero. */
  static Optional<EcdsaSignature> signature(
      Means means, Element point, PublicScalar denominator, PublicScalar numerator) {
    var ops = means.group().publicOps();
    if (denominator.isZero() || numerator.isZero()) {
      return Optional.empty();
    }
    var s = ops.multiply(numerator, ops.invert(denominator));
    var r = Shares.xCoordinate(means, point);
    int recoveryId = (point.hasOddY() ? 1 : 0) | (Shares.exceedsOrder(point, r) ? 2 : 0);
    return isHigh(s)
        ? Optional.of(new EcdsaSignature(r, ops.negate(s), recoveryId ^ 1))
        : Optional.of(new EcdsaSignature(r, s, recoveryId));
  }

  private static boolean isHigh(PublicScalar s) {
    return new BigInteger(1, s.encoded()).compareTo(ORDER.shiftRight(1)) > 0;
  }

  private boolean verifies(SignatureVerifier verifier, EcdsaSignature signature) {
    var publicKey = key.key().encoded();
    var digest = message.digest().toArray();
    return verifier.ecdsa(publicKey, digest, signature.compact())
        && verifier
            .recover(digest, signature.compact(), signature.recoveryId())
            .filter(recovered -> Arrays.equals(recovered, publicKey))
            .isPresent();
  }
}
