package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.wire.Endpoint;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Key generation, all shares checked and all views equal. The caller seals the shares and makes the
 * record PENDING durable, and only then calls {@link #certify}: a certificate says that it did.
 */
public final class Certifiable implements AutoCloseable {
  private final Endpoint endpoint;
  private final GeneratedKey key;
  private final Scratch.Slab shares;
  private final PairSetup pairs;
  private final Once<GeneratedKey> uncertified;

  Certifiable(Endpoint endpoint, GeneratedKey key, Scratch.Slab shares, PairSetup pairs) {
    this.endpoint = endpoint;
    this.key = key;
    this.shares = shares;
    this.pairs = pairs;
    this.uncertified = new Once<>(key);
  }

  public GeneratedKey key() {
    return key;
  }

  /**
   * Lends the own shares for one call: 32 bytes each in the group's byte order, ascending by point.
   * Afterwards they are still here, until {@link #certify} or {@link #close}.
   */
  public <R> R lend(Function<MemorySegment, R> borrower) {
    return borrower.apply(shares.bytes().asReadOnly());
  }

  /** With whom there are secrets to seal besides, ascending: all others for ECDSA, else nobody. */
  public List<PartyId> pairs() {
    return pairs.peers();
  }

  /**
   * Lends the secrets of the pair with a peer for one call, {@link PairSecrets#LENGTH} bytes. They
   * go into a sealed record of their own.
   *
   * @throws IllegalArgumentException when {@link #pairs} does not name the peer
   */
  public <R> R lendPair(PartyId peer, Function<MemorySegment, R> borrower) {
    return borrower.apply(pairs.secrets(peer).asReadOnly());
  }

  /**
   * Signs the certificate: round 4. It travels bare, as all statements about a key do. The shares
   * and the secrets of the pairs are wiped.
   *
   * @param identity the HSM's identity key: signs the bytes it is given, ECDSA P-256 over their
   *     SHA-256, and answers r ‖ s
   */
  public Certified certify(UnaryOperator<byte[]> identity) {
    try (shares;
        pairs) {
      var certificate =
          SignedStatement.of(endpoint.self(), uncertified.spend().certificate(), identity);
      return new Certified(endpoint, key, certificate);
    }
  }

  /** Wipes the shares and the secrets of the pairs. */
  @Override
  public void close() {
    try (pairs) {
      shares.close();
    }
  }
}
