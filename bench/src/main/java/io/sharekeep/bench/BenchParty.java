package io.sharekeep.bench;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeSigner;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A party's long-lived keys. The identity key is the HSM's in production, so its CPU is apart. */
final class BenchParty {
  /** Any moment: certificates and deadlines are around it. */
  static final long NOW = 1_800_000_000L;

  /** Of the process that made the nonces. */
  static final Octets BOOT = Octets.of(new byte[16]);

  /** As long as a signed log checkpoint. */
  static final Octets CHECKPOINT = Octets.of(new byte[220]);

  private final PartyId id;
  private final KeyPair identity;
  private final IdentityKey pin;
  private final EnvelopeSigner signer;
  private Optional<IdentityPins> pins = Optional.empty();
  private long identityNanos;

  private BenchParty(PartyId id, Workbench bench) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.identity = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
    this.id = id;
    this.pin = IdentityKey.parse(identity.getPublic().getEncoded()).valid().orElseThrow();
    Scratch.Slab key = bench.scratch().borrow(64); // lives as long as the party
    var publicKey = bench.primitives().ed25519KeyPair(bench.scratch(), bench.random(), key.bytes());
    var body =
        new EnvelopeCertificate.Body(
            id,
            pin.digest(),
            Octets.of(publicKey),
            BOOT,
            NOW - 30,
            NOW + 3000,
            1,
            Octets.of(new byte[32]));
    this.signer =
        new EnvelopeSigner(
            bench.primitives(), key.bytes(), EnvelopeCertificate.issue(body, this::identify));
  }

  /**
   * Parties 1 to {@code size}. They share one memory of certificates: in production each party has
   * its own, and a processor's caches to itself.
   */
  static List<BenchParty> committee(int size, Workbench bench) {
    var parties =
        IntStream.rangeClosed(1, size)
            .mapToObj(i -> new BenchParty(new PartyId(i), bench))
            .toList();
    var pins =
        new IdentityPins(
            parties.stream().collect(Collectors.toMap(BenchParty::id, BenchParty::pin)));
    parties.forEach(party -> party.pins = Optional.of(pins));
    return parties;
  }

  PartyId id() {
    return id;
  }

  IdentityKey pin() {
    return pin;
  }

  EnvelopeSigner signer() {
    return signer;
  }

  /** They remember whose envelope certificate they have verified, as in an appliance. */
  IdentityPins pins() {
    return pins.orElseThrow();
  }

  byte[] identify(byte[] message) {
    long began = CpuClock.nanos();
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(identity.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    } finally {
      identityNanos += CpuClock.nanos() - began;
    }
  }

  /** What signing by the identity key has cost so far. */
  long identityNanos() {
    return identityNanos;
  }
}
