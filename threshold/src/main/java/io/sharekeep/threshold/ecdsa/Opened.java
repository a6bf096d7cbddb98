package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A presignature bound to one request, its entropy opened: the first round sent. Goes on with
 * {@link #sign} once every signer's opening has been accepted. The nonce is moved by δ, which hangs
 * on every signer's entropy, so that nobody could choose message or path by the nonce.
 */
public final class Opened implements AutoCloseable {
  private static final int LENGTH = 32;

  private final Means means;
  private final Endpoint endpoint;
  private final Octets presignature;
  private final SigningKey key;
  private final Message message;
  private final Octets request;
  private final SignedEnvelope broadcast;
  private final Once<Shares> shares;

  private Opened(
      Means means,
      Endpoint endpoint,
      Octets presignature,
      SigningKey key,
      Message message,
      Octets request,
      SignedEnvelope broadcast,
      Shares shares) {
    this.means = means;
    this.endpoint = endpoint;
    this.presignature = presignature;
    this.key = key;
    this.message = message;
    this.request = request;
    this.broadcast = broadcast;
    this.shares = new Once<>(shares);
  }

  /** Takes the shares over. */
  static Opened open(
      Means means,
      Endpoint endpoint,
      Octets presignature,
      SigningKey key,
      Message message,
      Shares shares,
      Optional<Octets> checkpoint) {
    try {
      var payload = new byte[Rounds.OPENING.length()];
      var segment = MemorySegment.ofArray(payload);
      Rounds.OPENING.frame(segment);
      put(segment, 0, presignature);
      put(segment, 1, shares.openEntropy());
      var broadcast = endpoint.broadcast(Rounds.OPEN, Octets.of(payload), checkpoint);
      return new Opened(
          means,
          endpoint,
          presignature,
          key,
          message,
          request(endpoint, message),
          broadcast,
          shares);
    } catch (RuntimeException | Error failure) {
      shares.close();
      throw failure;
    }
  }

  /** H32("req", m, path, S). */
  private static Octets request(Endpoint endpoint, Message message) {
    var path = endpoint.context().path();
    var signers = endpoint.context().signers();
    var hash = TaggedHash.of(Tag.REQUEST).bytes(message.scalar().encoded()).integer(path.size());
    path.forEach(hash::integer);
    hash.integer(signers.size());
    signers.forEach(hash::party);
    return hash.digest();
  }

  private static void put(MemorySegment payload, int field, Octets octets) {
    MemorySegment.copy(
        octets.toArray(),
        0,
        Rounds.OPENING.field(payload, field),
        ValueLayout.JAVA_BYTE,
        0,
        LENGTH);
  }

  /** What the presignature is bound to, 32 bytes: durable before the outbox leaves. */
  public Octets request() {
    return request;
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  /**
   * Fixes the session id and signs: the second round. The presignature is gone whatever this
   * returns. Before the outbox leaves, the caller has made durable that it is CONSUMED, with the
   * bytes of the reply.
   *
   * @return {@code BAD_COMMITMENT} with who opened other entropy than it committed to
   * @throws IllegalStateException when the first round is not complete
   */
  public Step<Partial> sign() {
    Rounds.require(endpoint.missingBroadcasts(Rounds.OPEN).isEmpty(), Rounds.OPEN);
    try (var spent = shares.spend()) {
      var entropies = new TreeMap<PartyId, Octets>();
      var malformed = new ArrayList<PartyId>();
      endpoint
          .accepted(Rounds.OPEN)
          .forEach((party, envelope) ->
              decode(envelope.envelope().payload())
                  .ifPresentOrElse(
                      entropy -> entropies.put(party, entropy), () -> malformed.add(party)));
      if (!malformed.isEmpty()) {
        return new Step.Aborted<>(Fault.BAD_ENCODING, malformed);
      }
      var liars =
          entropies.entrySet().stream()
              .filter(entry ->
                  !Optional.of(commitment(entry.getKey(), entry.getValue()))
                      .equals(Optional.ofNullable(spent.entropies().get(entry.getKey()))))
              .map(entry -> entry.getKey())
              .toList();
      if (!liars.isEmpty()) {
        return new Step.Aborted<>(Fault.BAD_COMMITMENT, liars);
      }
      endpoint.fix(
          TaggedHash.of(Tag.SESSION_ONLINE)
              .octets(presignature)
              .integer(Rounds.BATCH)
              .octets(request)
              .digest());
      return spent.sign(
          endpoint, Rounds.COMPLETE, key, message, Optional.of(delta(spent, entropies)));
    }
  }

  private Optional<Octets> decode(Octets payload) {
    var segment = MemorySegment.ofArray(payload.toArray());
    if (!Rounds.OPENING.framed(segment)) {
      return Optional.empty();
    }
    var reference = Octets.of(Rounds.OPENING.field(segment, 0).toArray(ValueLayout.JAVA_BYTE));
    return reference.equals(presignature)
        ? Optional.of(Octets.of(Rounds.OPENING.field(segment, 1).toArray(ValueLayout.JAVA_BYTE)))
        : Optional.empty();
  }

  private Octets commitment(PartyId party, Octets entropy) {
    try (var slab = means.work().borrow(LENGTH)) {
      MemorySegment.copy(entropy.toArray(), 0, slab.bytes(), ValueLayout.JAVA_BYTE, 0, LENGTH);
      return Nonces.commitment(means, party, Rounds.BATCH, slab.bytes());
    }
  }

  /** δ = HS("ecdsa/rr", presign sid, k, S, R, PK', τ, m, {e_i}). */
  private PublicScalar delta(Shares spent, SortedMap<PartyId, Octets> entropies) {
    var hash =
        TaggedHash.of(Tag.RERANDOMIZATION)
            .octets(presignature)
            .integer(Rounds.BATCH)
            .integer(entropies.size());
    entropies.keySet().forEach(hash::party);
    hash.element(spent.point())
        .element(key.key())
        .bytes(key.offset().encoded())
        .bytes(message.scalar().encoded())
        .integer(entropies.size());
    entropies.forEach((party, entropy) -> hash.party(party).octets(entropy));
    return hash.scalar(means.group().id(), means.group().publicOps());
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    shares.drain().ifPresent(Shares::close);
  }
}
