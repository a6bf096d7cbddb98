package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at one key from all sides, in one read-write session. */
final class EvidenceReader {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Session session;
  private final Arena arena;
  private final KeyRef key;
  private final List<Finding> findings = new ArrayList<>();

  EvidenceReader(Session session, Arena arena, KeyRef key) {
    this.session = session;
    this.arena = arena;
    this.key = key;
  }

  KeyEvidence read() {
    var held = session.key(arena, key);
    for (var attribute : Attribute.values()) {
      var value = session.objects().value(arena, held.handle(), attribute);
      add(
          attribute.name(),
          value.map(bytes -> rendered(attribute, bytes)).orElse(KeyEvidence.ABSENT));
    }
    add("read VALUE", session.objects().readable(arena, held.handle()) ? "readable" : "refused");
    int objects = session.objects(arena, Templates.naming(arena, key.name()).build()).size();
    add("objects", Integer.toString(objects));
    held.curve().ifPresent(curve -> add("sign with it, verify by its public key", trial(curve)));
    // Last, because the token's refusal may end what the session was doing.
    add("set EXTRACTABLE=1", settable(held.handle()) ? "accepted" : "refused");
    return new KeyEvidence(key, findings);
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
    var publicKey = Signing.publicKey(session, arena, key, curve);
    if (publicKey.isEmpty()) {
      return "no public key";
    }
    var random = new byte[curve.size()];
    RANDOM.nextBytes(random);
    var signature = Signing.sign(session, arena, key, Digest.of(random));
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

  private static String mechanism(long number) {
    if (number == Ck.CKM_AES_GCM) {
      return "AES_GCM";
    }
    if (number == Ck.CKM_AES_KEY_GEN) {
      return "AES_KEY_GEN";
    }
    if (number == Ck.CKM_ECDSA) {
      return "ECDSA";
    }
    return number == Ck.CKM_EC_KEY_PAIR_GEN ? "EC_KEY_PAIR_GEN" : Long.toHexString(number);
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
