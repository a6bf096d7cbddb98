package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.Suite;
import java.util.List;
import java.util.Optional;

/**
 * One signature made in advance of its message, certified by all who will sign (protocols.md,
 * section 4.6). Its secrets lie in a slab of the pool and die with the process; there is no copy
 * and no serial form. It serves one message, under one key, of one epoch, by the same signers.
 *
 * <p>This mode wants a cryptographer's review: no proof of its combination with derivation is
 * known. It is off unless a key asks for it.
 */
public final class Presignature implements AutoCloseable {
  private final Means means;
  private final Octets session;
  private final Octets keyId;
  private final long epoch;
  private final List<PartyId> signers;
  private final Once<Shares> shares;

  Presignature(Means means, Octets session, Octets keyId, long epoch, Shares shares) {
    this.means = means;
    this.session = session;
    this.keyId = keyId;
    this.epoch = epoch;
    this.signers = List.copyOf(shares.entropies().keySet());
    this.shares = new Once<>(shares);
  }

  /** Its name: the session that made it, 32 bytes. */
  public Octets session() {
    return session;
  }

  /** Who signs with it, ascending. */
  public List<PartyId> signers() {
    return signers;
  }

  /** Of which key, 16 bytes. */
  public Octets keyId() {
    return keyId;
  }

  /** Of which epoch of the key: none later may use it. */
  public long epoch() {
    return epoch;
  }

  /**
   * Binds it to one request and opens this party's entropy: the first round of its session. Before
   * the outbox leaves, the caller has made durable that this presignature is BOUND to {@link
   * Opened#request}.
   *
   * @param endpoint of a fresh session of the same signers, key and epoch
   * @param key what the signature verifies under, from the caller's own record
   * @param digest 32 bytes: the hash of the message, from the caller's own derivation
   * @param checkpoint this party's newest signed log checkpoint
   * @return empty when it serves a request already: that one, and no other
   * @throws IllegalArgumentException when the session is not one that may use it
   */
  public Optional<Opened> open(
      Endpoint endpoint, SigningKey key, Octets digest, Optional<Octets> checkpoint) {
    var context = endpoint.context();
    if (context.protocol() != Protocol.ECDSA_ONLINE
        || context.suite() != Suite.DKLS23_SECP256K1
        || !context.keyId().equals(keyId)
        || context.epoch() != epoch
        || !context.signers().equals(signers)
        || !context.presignatures().equals(List.of(session))) {
      throw new IllegalArgumentException("not a session that may use this presignature");
    }
    var message = Message.of(means.group(), digest);
    return shares
        .drain()
        .map(taken -> Opened.open(means, endpoint, session, key, message, taken, checkpoint));
  }

  /** Wipes what was not used. */
  @Override
  public void close() {
    shares.drain().ifPresent(Shares::close);
  }

  @Override
  public String toString() {
    return "Presignature[redacted]";
  }
}
