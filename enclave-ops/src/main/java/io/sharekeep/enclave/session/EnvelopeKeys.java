package io.sharekeep.enclave.session;

import io.sharekeep.enclave.memory.BootSlab;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeSigner;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
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
  private final InstantSource clock;
  private Optional<EnvelopeSigner> current = Optional.empty();
  private int turn;

  /**
   * @param nextSerial durable and rising by one with each call
   * @param identity signs certificate bodies with the HSM's identity key
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
    this.clock = clock;
  }

  /** The signer for a new session. */
  synchronized EnvelopeSigner signer(Scratch scratch, Randomness randomness) {
    long now = clock.instant().getEpochSecond();
    var signer = current;
    if (signer.isPresent()) {
      var body = signer.get().certificate().body();
      if (now >= body.notBefore() && now < body.notBefore() + RENEWAL.toSeconds()) {
        return signer.get();
      }
    }
    var slot = slots[turn];
    turn = 1 - turn;
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
    current = Optional.of(renewed);
    return renewed;
  }
}
