package io.sharekeep.enclave.session;

import io.sharekeep.enclave.memory.BootSlab;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeSigner;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The short-lived Ed25519 key that signs envelopes (protocols, section 7.2): certified by the HSM's
 * identity key for an hour, made anew after forty minutes. Two slots take turns, so a session that
 * began under the old key finishes under it: no session lives for twenty minutes.
 */
final class EnvelopeKeys {
  private static final Duration LIFE = Duration.ofMinutes(59);
  private static final Duration RENEWAL = Duration.ofMinutes(40);
  private static final Duration LONGEST_SESSION = Duration.ofMinutes(5);
  private static final int SECRET_LENGTH = 64;

  private final Primitives primitives;
  private final BootSlab slab;
  private final MemorySegment[] slots;
  private final PartyId party;
  private final Octets identityKey;
  private final Octets logKey;
  private final Octets bootId;
  private final LongSupplier nextSerial;
  private final UnaryOperator<byte[]> identity;
  private final BooleanSupplier canRenew;
  private final InstantSource clock;
  private Optional<EnvelopeSigner> current = Optional.empty();
  private int turn;

  /**
   * @param nextSerial durable and rising by one with each call
   * @param identity signs certificate bodies with the HSM's identity key
   * @param canRenew whether its token is fit; asks nothing of it
   */
  EnvelopeKeys(
      Primitives primitives,
      BootSlab slab,
      PartyId party,
      Octets identityKey,
      Octets logKey,
      Octets bootId,
      LongSupplier nextSerial,
      UnaryOperator<byte[]> identity,
      BooleanSupplier canRenew,
      InstantSource clock) {
    this.primitives = primitives;
    this.slab = slab;
    this.slots = new MemorySegment[] {slab.reserve(SECRET_LENGTH), slab.reserve(SECRET_LENGTH)};
    this.party = party;
    this.identityKey = identityKey;
    this.logKey = logKey;
    this.bootId = bootId;
    this.nextSerial = nextSerial;
    this.identity = identity;
    this.canRenew = canRenew;
    this.clock = clock;
  }

  /**
   * The signer for a new session. While the identity key's token is lost, the one that there is
   * goes on as long as no session can outlive its certificate.
   *
   * @throws TokenException when a new certificate is needed and the token does not sign it
   */
  synchronized EnvelopeSigner signer(Scratch scratch, Randomness randomness) {
    long now = clock.instant().getEpochSecond();
    var before = current.filter(signer -> now >= notBefore(signer));
    if (before.isPresent() && now < notBefore(before.get()) + RENEWAL.toSeconds()) {
      return before.get();
    }
    var lasting = before.filter(signer -> now < usableUntil(signer));
    if (lasting.isPresent() && !canRenew.getAsBoolean()) {
      return lasting.get();
    }
    try {
      return renew(scratch, randomness, now);
    } catch (TokenException e) {
      if (lasting.isPresent() && KekHome.isLost(e)) {
        return lasting.get();
      }
      throw e;
    }
  }

  /** Until when sessions can begin without the identity key. */
  synchronized Optional<Instant> usableUntil() {
    return current.map(signer -> Instant.ofEpochSecond(usableUntil(signer)));
  }

  private static long notBefore(EnvelopeSigner signer) {
    return signer.certificate().body().notBefore();
  }

  private static long usableUntil(EnvelopeSigner signer) {
    return notBefore(signer) + LIFE.toSeconds() - LONGEST_SESSION.toSeconds();
  }

  private EnvelopeSigner renew(Scratch scratch, Randomness randomness, long now) {
    var slot = slots[turn];
    slab.wipe(slot);
    byte[] publicKey = primitives.ed25519KeyPair(scratch, randomness, slot);
    long notBefore = now - EnvelopeCertificate.BACKDATING;
    var body =
        new EnvelopeCertificate.Body(
            party,
            identityKey,
            Octets.of(publicKey),
            bootId,
            notBefore,
            notBefore + LIFE.toSeconds(),
            nextSerial.getAsLong(),
            logKey);
    var renewed = new EnvelopeSigner(primitives, slot, EnvelopeCertificate.issue(body, identity));
    // Only now: a slot that failed is tried again, and the other one is in use.
    turn = 1 - turn;
    current = Optional.of(renewed);
    return renewed;
  }
}
