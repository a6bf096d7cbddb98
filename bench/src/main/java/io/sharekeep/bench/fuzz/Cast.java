package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.primitive.Primitives;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.EnvelopeCertificate;
import io.sharekeep.threshold.wire.EnvelopeSigner;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Three parties of a key, two of which can sign; the second is the one whose messages are fuzzed.
 */
final class Cast {
  static final PartyId VICTIM = new PartyId(1);
  static final PartyId ROGUE = new PartyId(2);
  static final int PARTIES = 3;
  static final long NOW = 1_800_000_000L;

  private final Primitives primitives = Primitives.open();
  private final CountedScratch scratch = new CountedScratch();
  private final Map<PartyId, EnvelopeSigner> signers = new TreeMap<>();
  private final Map<PartyId, IdentityKey> keys = new TreeMap<>();
  private final IdentityPins pins;

  Cast() {
    for (var id : ids()) {
      var identity = identity();
      var pin = IdentityKey.parse(identity.getPublic().getEncoded()).valid().orElseThrow();
      keys.put(id, pin);
      var key = scratch.borrow(64); // lives as long as the cast
      var publicKey = primitives.ed25519KeyPair(scratch, new Seeded(id.value()), key.bytes());
      var body =
          new EnvelopeCertificate.Body(
              id,
              pin.digest(),
              Octets.of(publicKey),
              Octets.of(new byte[16]),
              NOW - 30,
              NOW + 3000,
              1,
              Octets.of(new byte[32]));
      signers.put(
          id,
          new EnvelopeSigner(
              primitives,
              key.bytes(),
              EnvelopeCertificate.issue(body, message -> sign(identity, message))));
    }
    this.pins = new IdentityPins(keys);
  }

  static List<PartyId> ids() {
    return IntStream.rangeClosed(1, PARTIES).mapToObj(PartyId::new).toList();
  }

  private static KeyPair identity() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static byte[] sign(KeyPair identity, byte[] message) {
    try {
      var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(identity.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  Primitives primitives() {
    return primitives;
  }

  CountedScratch scratch() {
    return scratch;
  }

  /** Of a key generation by all, two points needed. */
  SessionContext keyGeneration(Suite suite) {
    var members =
        ids().stream()
            .map(id ->
                new SessionContext.Member(
                    id, pin(id).digest(), List.of(new EvaluationPoint(id.value()))))
            .toList();
    return new SessionContext(
        Protocol.DKG,
        suite,
        Octets.of(new byte[16]),
        0,
        2,
        members,
        ids(),
        1,
        List.of(),
        Octets.of(new byte[32]),
        Optional.empty(),
        NOW + 300,
        Octets.of(new byte[32]),
        Octets.of(new byte[32]),
        1);
  }

  /** Of the first two parties, under a key of all. */
  SessionContext signing(Protocol protocol, List<Octets> presignatures) {
    var context = keyGeneration(Suite.DKLS23_SECP256K1);
    return new SessionContext(
        protocol,
        context.suite(),
        context.keyId(),
        1,
        context.threshold(),
        context.committee(),
        List.of(VICTIM, ROGUE),
        1,
        List.of(),
        context.requestDigest(),
        Optional.empty(),
        context.deadline(),
        context.nonce(),
        context.committeeDocument(),
        0,
        0,
        presignatures);
  }

  IdentityPins pins() {
    return pins;
  }

  private IdentityKey pin(PartyId id) {
    return Optional.ofNullable(keys.get(id)).orElseThrow();
  }

  Endpoint endpoint(SessionContext context, PartyId self) {
    return new Endpoint(context, self, pins, Optional.ofNullable(signers.get(self)).orElseThrow());
  }

  /** An honest envelope of the rogue with another payload, validly signed. */
  SignedEnvelope altered(Envelope envelope, Octets payload) {
    return Optional.ofNullable(signers.get(envelope.from()))
        .orElseThrow()
        .sign(
            new Envelope(
                envelope.protocol(),
                envelope.suite(),
                envelope.keyId(),
                envelope.epoch(),
                envelope.session(),
                envelope.round(),
                envelope.from(),
                envelope.to(),
                envelope.view(),
                payload,
                envelope.expiry(),
                envelope.certificate(),
                envelope.checkpoint()));
  }
}
