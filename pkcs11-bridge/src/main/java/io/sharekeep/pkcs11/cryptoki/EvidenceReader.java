package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.profile.Profile;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.SealSuite;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at one key from all sides, in one read-write session. */
final class EvidenceReader {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Session session;
  private final Arena arena;
  private final KeyRef key;
  private final Profile profile;
  private final List<Finding> findings = new ArrayList<>();

  EvidenceReader(Session session, Arena arena, Profile profile, KeyRef key) {
    this.session = session;
    this.arena = arena;
    this.profile = profile;
    this.key = key;
  }

  KeyEvidence read() {
    if (key.name().keyClass() == KeyClass.PRIVATE) {
      look("", key);
    } else {
      var suite = profile.suite();
      add(KeyEvidence.SEALING, suite.name());
      look("", SealingKeys.onToken(key, suite));
      if (suite == SealSuite.CBC_HMAC) {
        look("MAC.", SealingKeys.mac(key));
      }
    }
    var exemptions =
        profile.attributes().exempt().entrySet().stream()
            .map(entry ->
                new KeyEvidence.Exemption(entry.getKey(), entry.getValue(), profile.name()))
            .toList();
    return new KeyEvidence(key, findings, exemptions);
  }

  /** All that is to be known of one object. */
  private void look(String prefix, KeyRef object) {
    var held = session.key(arena, object);
    for (var attribute : Attribute.values()) {
      if (!attribute.ofCertificates()) {
        var value = session.objects().value(arena, held.handle(), attribute);
        add(
            prefix + attribute.name(),
            value.map(bytes -> rendered(attribute, bytes)).orElse(KeyEvidence.ABSENT));
      }
    }
    var modulus = session.objects().value(arena, held.handle(), Attribute.MODULUS);
    if (modulus.isPresent()) {
      // Private keys have no MODULUS_BITS of their own.
      findings.removeIf(finding -> finding.attribute().equals(prefix + "MODULUS_BITS"));
      int bits = new java.math.BigInteger(1, modulus.get()).bitLength();
      add(prefix + "MODULUS_BITS", Integer.toString(bits));
    }
    boolean readable = session.objects().readable(arena, held.handle());
    add(prefix + "read VALUE", readable ? "readable" : "refused");
    int objects = session.objects(arena, Templates.naming(arena, object.name()).build()).size();
    add(prefix + "objects", Integer.toString(objects));
    held.curve().ifPresent(curve -> add("sign with it, verify by its public key", trial(curve)));
    // Last, because the token's refusal may end what the session was doing.
    add(prefix + "set EXTRACTABLE=1", settable(held.handle()) ? "accepted" : "refused");
  }

  private void add(String attribute, String found) {
    findings.add(new Finding(attribute, found));
  }

  private boolean settable(long object) {
    try {
      var change = Template.in(arena).flags(true, Attribute.EXTRACTABLE).build();
      session.functions().setAttributeValue(session.handle(), object, change);
      return true;
    } catch (CkException e) {
      if (Ck.lost(e.rv())) {
        throw e; // the token is gone, which is not a refusal
      }
      return false;
    }
  }

  /** Shows that the private key is the other half of the public key that the token names. */
  private String trial(Curve curve) {
    var publicKey = Signing.publicKey(session, arena, profile, key, curve);
    if (publicKey.isEmpty()) {
      return "no public key";
    }
    var random = new byte[curve.size()];
    RANDOM.nextBytes(random);
    var signature = Signing.sign(session, arena, profile, key, Digest.of(random));
    return verifies(publicKey.get(), random, signature) ? "verified" : "does not verify";
  }

  private static boolean verifies(PublicKeyBytes publicKey, byte[] digest, byte[] signature) {
    try {
      var verifier = Signature.getInstance("NONEwithECDSAinP1363Format");
      verifier.initVerify(publicKey.decoded());
      verifier.update(digest);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String rendered(Attribute attribute, byte[] value) {
    return switch (attribute.form()) {
      case FLAG -> value.length == 1 ? Integer.toString(value[0]) : hex(value);
      case TEXT -> new String(value, StandardCharsets.UTF_8);
      case BYTES -> hex(value);
      case NUMBER -> number(value).map(Object::toString).orElseGet(() -> hex(value));
      case CURVE -> Curve.of(value).map(Curve::title).orElseGet(() -> hex(value));
      case KEY_CLASS -> number(value).map(EvidenceReader::keyClass).orElseGet(() -> hex(value));
      case KEY_TYPE -> number(value).map(EvidenceReader::keyType).orElseGet(() -> hex(value));
      case MECHANISMS -> mechanisms(value);
    };
  }

  private static String keyClass(long number) {
    if (number == Ck.CKO_SECRET_KEY) {
      return "SECRET";
    }
    return number == Ck.CKO_PRIVATE_KEY ? "PRIVATE" : Long.toHexString(number);
  }

  private static String keyType(long number) {
    if (number == Ck.CKK_AES) {
      return "AES";
    }
    if (number == Ck.CKK_RSA) {
      return "RSA";
    }
    if (number == Ck.CKK_GENERIC_SECRET) {
      return "GENERIC_SECRET";
    }
    return number == Ck.CKK_EC ? "EC" : Long.toHexString(number);
  }

  private static String mechanisms(byte[] value) {
    if (value.length == 0) {
      return "none";
    }
    if (value.length % Long.BYTES != 0) {
      return hex(value);
    }
    var numbers = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).asLongBuffer();
    return IntStream.range(0, numbers.limit())
        .mapToObj(i -> mechanism(numbers.get(i)))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static final Map<Long, String> MECHANISMS =
      Map.of(
          Ck.CKM_AES_GCM, "AES_GCM",
          Ck.CKM_AES_CBC, "AES_CBC",
          Ck.CKM_AES_KEY_GEN, "AES_KEY_GEN",
          Ck.CKM_GENERIC_SECRET_KEY_GEN, "GENERIC_SECRET_KEY_GEN",
          Ck.CKM_SHA256_HMAC, "SHA256_HMAC",
          Ck.CKM_RSA_PKCS_KEY_PAIR_GEN, "RSA_PKCS_KEY_PAIR_GEN",
          Ck.CKM_RSA_PKCS_OAEP, "RSA_PKCS_OAEP",
          Ck.CKM_ECDSA, "ECDSA",
          Ck.CKM_EC_KEY_PAIR_GEN, "EC_KEY_PAIR_GEN");

  private static String mechanism(long number) {
    return MECHANISMS.getOrDefault(number, Long.toHexString(number));
  }

  private static Optional<Long> number(byte[] value) {
    return value.length == Long.BYTES
        ? Optional.of(ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong())
        : Optional.empty();
  }

  private static String hex(byte[] value) {
    return HexFormat.of().formatHex(value);
  }
}
