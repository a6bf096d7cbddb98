package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeSigner;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** One party of a ceremony in memory: its keys, its scratch, its end of the session. */
public final class TestParty implements AutoCloseable {
  public static final Primitives PRIMITIVES = Primitives.open();
  public static final long NOW = 1_800_000_000L;

  /** Once each, so that sessions from one seed are alike to the byte. */
  private static final Map<EnvelopeCertificate.Body, EnvelopeCertificate> CERTIFIED =
      new ConcurrentHashMap<>();

  public final PartyId id;
  public final TestScratch scratch = new TestScratch();
  public final Means means;
  public final Endpoint endpoint;
  public final EnvelopeSigner signer;
  private final Scratch.Slab envelopeKey;

  public TestParty(SessionContext context, PartyId id, Group group, long seed) {
    this.id = id;
    var randomness = new SeededRandomness(seed * 31 + id.value());
    this.means = new Means(group, PRIMITIVES, scratch, randomness);
    this.envelopeKey = scratch.borrow(64);
    this.signer = signer(id, randomness, NOW - 30, NOW + 3000, 1);
    this.endpoint = new Endpoint(context, id, new IdentityPins(pins(context)), signer);
  }

  private EnvelopeSigner signer(
      PartyId id, SeededRandomness randomness, long notBefore, long notAfter, long serial) {
    var publicKey = PRIMITIVES.ed25519KeyPair(scratch, randomness, envelopeKey.bytes());
    var body =
        new EnvelopeCertificate.Body(
            id,
            Identity.of(id).pin().digest(),
            Octets.of(publicKey),
            Octets.of(new byte[16]),
            notBefore,
            notAfter,
            serial,
            Octets.of(new byte[32]));
    return new EnvelopeSigner(
        PRIMITIVES,
        envelopeKey.bytes(),
        CERTIFIED.computeIfAbsent(
            body, fresh -> EnvelopeCertificate.issue(fresh, Identity.of(id)::sign)));
  }

  /** By the envelope key, whatever it is. */
  public byte[] sign(byte[] message) {
    return PRIMITIVES.ed25519Sign(envelopeKey.bytes(), message);
  }

  /** The own envelope key under another name, certified by the own identity key. */
  EnvelopeSigner impersonating(PartyId name) {
    var own = signer.certificate().body();
    var body =
        new EnvelopeCertificate.Body(
            name,
            Identity.of(name).pin().digest(),
            own.envelopeKey(),
            own.bootId(),
            own.notBefore(),
            own.notAfter(),
            own.serial(),
            own.logKey());
    return new EnvelopeSigner(
        PRIMITIVES, envelopeKey.bytes(), EnvelopeCertificate.issue(body, Identity.of(id)::sign));
  }

  static Map<PartyId, IdentityKey> pins(SessionContext context) {
    return context.signers().stream()
        .collect(
            Collectors.toMap(
                party -> party, party -> Identity.of(party).pin(), (a, _) -> a, TreeMap::new));
  }

  /** Fails if anything but the envelope key is still lent. */
  @Override
  public void close() {
    envelopeKey.close();
    scratch.close();
  }
}
