package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A presignature, round 4 sent: this party has said what came out at its end. Goes on with {@link
 * #conclude} once every broadcast of round 4 has been accepted: only what all signers certified
 * alike may be used.
 */
public final class Certifying implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Octets certificate;
  private final SignedEnvelope broadcast;
  private final Once<Shares> shares;

  private Certifying(
      Means means, Endpoint endpoint, Octets certificate, SignedEnvelope broadcast, Shares shares) {
    this.means = means;
    this.endpoint = endpoint;
    this.certificate = certificate;
    this.broadcast = broadcast;
    this.shares = new Once<>(shares);
  }

  /** Takes the shares over. */
  static Certifying certify(Means means, Endpoint endpoint, Shares shares) {
    try {
      var certificate = certificate(endpoint, shares.point(), shares.entropies());
      var payload = payload(shares.point(), certificate);
      var broadcast = endpoint.broadcast(Rounds.CERTIFY, payload, Optional.empty());
      return new Certifying(means, endpoint, payload, broadcast, shares);
    } catch (RuntimeException | Error failure) {
      shares.close();
      throw failure;
    }
  }

  /** H32("presig/cert", sid, S, R, {E_i}). */
  private static Octets certificate(
      Endpoint endpoint, Element point, SortedMap<PartyId, Octets> entropies) {
    var hash =
        TaggedHash.of(Tag.PRESIGNATURE)
            .octets(endpoint.session().orElseThrow())
            .integer(entropies.size());
    entropies.keySet().forEach(hash::party);
    hash.element(point).integer(entropies.size());
    entropies.forEach((party, entropy) -> hash.party(party).octets(entropy));
    return hash.digest();
  }

  private static Octets payload(Element point, Octets certificate) {
    var payload = new byte[Rounds.CERTIFICATE.length()];
    var segment = MemorySegment.ofArray(payload);
    Rounds.CERTIFICATE.frame(segment);
    put(segment, 0, point.encoded());
    put(segment, 1, certificate.toArray());
    return Octets.of(payload);
  }

  private static void put(MemorySegment payload, int field, byte[] bytes) {
    MemorySegment.copy(
        bytes, 0, Rounds.CERTIFICATE.field(payload, field), ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Compares what the signers certified. The commitments of round 1 bind them all to the same
   * points, so who certifies something else is at fault.
   *
   * @throws IllegalStateException when round 4 is not complete
   */
  public Step<Presignature> conclude() {
    Rounds.require(endpoint.missingBroadcasts(Rounds.CERTIFY).isEmpty(), Rounds.CERTIFY);
    var spent = shares.spend();
    var faulty =
        endpoint.accepted(Rounds.CERTIFY).entrySet().stream()
            .filter(entry -> !entry.getValue().envelope().payload().equals(certificate))
            .map(entry -> entry.getKey())
            .toList();
    if (!faulty.isEmpty()) {
      spent.close();
      return new Step.Aborted<>(Fault.BAD_CERTIFICATE, faulty);
    }
    return new Step.Advanced<>(
        new Presignature(
            means,
            endpoint.session().orElseThrow(),
            endpoint.context().keyId(),
            endpoint.context().epoch(),
            spent));
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    shares.drain().ifPresent(Shares::close);
  }
}
