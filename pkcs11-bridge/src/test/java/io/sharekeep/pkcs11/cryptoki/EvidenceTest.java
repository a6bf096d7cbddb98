package io.sharekeep.pkcs11.cryptoki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import io.sharekeep.pkcs11.terms.KeyEvidence.Violation;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that somebody made with a weaker template, on SoftHSM. */
@SoftTokens
final class EvidenceTest {
  private final Bench bench;
  private final NativeToken token;

  EvidenceTest(SoftHsmTokens tokens) {
    bench = Bench.core(tokens);
    token = bench.open();
  }

  @AfterEach
  void close() {
    token.close();
    bench.close();
  }

  static Stream<Arguments> weakSealingKeys() {
    return Stream.of(
        weak(Attribute.PRIVATE, "PRIVATE"),
        weak(Attribute.SENSITIVE, "ALWAYS_SENSITIVE SENSITIVE"),
        weak(Attribute.EXTRACTABLE, "EXTRACTABLE NEVER_EXTRACTABLE"),
        weak(Attribute.ENCRYPT, "ENCRYPT"),
        weak(Attribute.DECRYPT, "DECRYPT"),
        weak(Attribute.WRAP, "WRAP"),
        weak(Attribute.UNWRAP, "UNWRAP"),
        weak(Attribute.DERIVE, "DERIVE"),
        weak(Attribute.SIGN, "SIGN"),
        weak(Attribute.VERIFY, "VERIFY"),
        weak(Attribute.MODIFIABLE, "MODIFIABLE"),
        weak(Attribute.COPYABLE, "COPYABLE"));
  }

  static Stream<Arguments> weakSigningKeys() {
    return Stream.of(
        weak(Attribute.PRIVATE, "PRIVATE"),
        weak(Attribute.SENSITIVE, "ALWAYS_SENSITIVE SENSITIVE"),
        weak(Attribute.EXTRACTABLE, "EXTRACTABLE NEVER_EXTRACTABLE"),
        weak(Attribute.DECRYPT, "DECRYPT"),
        weak(Attribute.UNWRAP, "UNWRAP"),
        weak(Attribute.DERIVE, "DERIVE"),
        weak(Attribute.SIGN_RECOVER, "SIGN_RECOVER"),
        weak(Attribute.MODIFIABLE, "MODIFIABLE"),
        weak(Attribute.COPYABLE, "COPYABLE"));
  }

  private static Arguments weak(Attribute flipped, String violations) {
    return Arguments.of(flipped, violations);
  }

  @ParameterizedTest
  @MethodSource("weakSealingKeys")
  void aWeakAttributeOfASealingKeyIsCaught(Attribute flipped, String violations) {
    makeSealingKey(flags(KeySpec.Kind.SEALING_AES_256, flipped), Ck.CKM_AES_GCM);
    assertCaught(KeySpec.KEK, violations);
  }

  @ParameterizedTest
  @MethodSource("weakSigningKeys")
  void aWeakAttributeOfASigningKeyIsCaught(Attribute flipped, String violations) {
    makeSigningKey(flags(KeySpec.Kind.SIGNING_P256, flipped), Ck.CKM_ECDSA);
    assertCaught(KeySpec.IDENTITY, violations);
  }

  @Test
  void aKeyThatCanBeReadIsCaught() {
    var violations = "ALWAYS_SENSITIVE EXTRACTABLE NEVER_EXTRACTABLE SENSITIVE read VALUE";
    var sealing = flags(KeySpec.Kind.SEALING_AES_256, Attribute.SENSITIVE, Attribute.EXTRACTABLE);
    makeSealingKey(sealing, Ck.CKM_AES_GCM);
    assertCaught(KeySpec.KEK, violations);
    var signing = flags(KeySpec.Kind.SIGNING_P256, Attribute.SENSITIVE, Attribute.EXTRACTABLE);
    makeSigningKey(signing, Ck.CKM_ECDSA);
    assertCaught(KeySpec.IDENTITY, violations);
  }

  @Test
  void oneMechanismMoreIsCaught() {
    makeSealingKey(flags(KeySpec.Kind.SEALING_AES_256), Ck.CKM_AES_GCM, 0x1082);
    assertCaught(KeySpec.KEK, "ALLOWED_MECHANISMS");
    makeSigningKey(flags(KeySpec.Kind.SIGNING_P256), Ck.CKM_ECDSA, 0x1042);
    assertCaught(KeySpec.IDENTITY, "ALLOWED_MECHANISMS");
  }

  @Test
  void noRestrictionOfMechanismsIsCaught() {
    makeSealingKey(flags(KeySpec.Kind.SEALING_AES_256));
    assertCaught(KeySpec.KEK, "ALLOWED_MECHANISMS");
  }

  @Test
  void anotherCurveIsCaught() {
    var key = token.generate(KeySpec.ATTEST);
    var expected = KeySpec.of("attest", KeySpec.Kind.SIGNING_P256);
    assertEquals(
        List.of(new Violation("EC_PARAMS", "P-256", "P-384")),
        token.evidence(key).violations(expected));
    token.destroy(key);
  }

  @Test
  void anotherPublicKeyUnderTheSameNameIsCaught() {
    var one = token.generate(KeySpec.IDENTITY);
    var other = token.generate(KeySpec.LOG);
    rename(one, "put-aside");
    assertEquals("no public key", trial(one));
    rename(other, "identity", one);
    assertEquals("does not verify", trial(one));
    token.destroy(one);
    token.destroy(other);
  }

  @Test
  void twoKeysOfOneNameAreAmbiguous() {
    makeSealingKey(flags(KeySpec.Kind.SEALING_AES_256), Ck.CKM_AES_GCM);
    var first = token.find(KeySpec.KEK.name()).orElseThrow();
    makeSealingKey(flags(KeySpec.Kind.SEALING_AES_256), Ck.CKM_AES_GCM);
    assertThrows(KeyAmbiguous.class, () -> token.find(KeySpec.KEK.name()));
    assertThrows(KeyAmbiguous.class, () -> token.generate(KeySpec.KEK));
    assertEquals(
        List.of(new Violation("objects", "1", "2")), token.evidence(first).violations(KeySpec.KEK));
    destroyAll(Attribute.LABEL, "kek");
  }

  @ParameterizedTest
  @EnumSource
  void eachShortfallOfEvidenceIsAViolationByItself(KeySpec.Kind kind) {
    var spec = KeySpec.of("whole", kind);
    var key = token.generate(spec);
    var whole = token.evidence(key);
    token.destroy(key);
    int demanded = 0;
    for (var finding : whole.findings()) {
      var changed =
          new KeyEvidence(
              key,
              whole.findings().stream()
                  .map(f -> f.equals(finding) ? new Finding(f.attribute(), "other") : f)
                  .toList(),
              List.of());
      var without =
          new KeyEvidence(
              key, whole.findings().stream().filter(f -> !f.equals(finding)).toList(), List.of());
      var violations = changed.violations(spec);
      demanded += violations.size();
      assertEquals(violations.size(), without.violations(spec).size(), finding.attribute());
      for (var violation : violations) {
        assertEquals(new Violation(finding.attribute(), finding.found(), "other"), violation);
      }
    }
    assertEquals(new KeyEvidence(key, List.of(), List.of()).violations(spec).size(), demanded);
  }

  private String trial(KeyRef key) {
    return token.evidence(key).found("sign with it, verify by its public key");
  }

  private void assertCaught(KeySpec spec, String violations) {
    var key = token.find(spec.name()).orElseThrow();
    var caught =
        token.evidence(key).violations(spec).stream()
            .map(Violation::attribute)
            .collect(Collectors.toCollection(TreeSet::new));
    token.destroy(key);
    assertEquals(violations, String.join(" ", caught));
  }

  /** The strict template with one flag the other way round. */
  private static Map<Attribute, Boolean> flags(KeySpec.Kind kind, Attribute... flipped) {
    var flags = new EnumMap<Attribute, Boolean>(Attribute.class);
    var on =
        List.of(Attribute.TOKEN, Attribute.PRIVATE, Attribute.SENSITIVE, Attribute.DESTROYABLE);
    var off =
        List.of(
            Attribute.EXTRACTABLE,
            Attribute.UNWRAP,
            Attribute.DERIVE,
            Attribute.MODIFIABLE,
            Attribute.COPYABLE);
    on.forEach(attribute -> flags.put(attribute, true));
    off.forEach(attribute -> flags.put(attribute, false));
    if (kind == KeySpec.Kind.SEALING_AES_256) {
      List.of(Attribute.ENCRYPT, Attribute.DECRYPT).forEach(a -> flags.put(a, true));
      List.of(Attribute.WRAP, Attribute.SIGN, Attribute.VERIFY).forEach(a -> flags.put(a, false));
    } else {
      flags.put(Attribute.SIGN, true);
      List.of(Attribute.DECRYPT, Attribute.SIGN_RECOVER).forEach(a -> flags.put(a, false));
    }
    for (var attribute : flipped) {
      flags.merge(attribute, true, (was, _) -> !was);
    }
    return flags;
  }

  private static Template.Builder named(
      Bench.Raw raw, String label, byte[] id, Map<Attribute, Boolean> flags, long... mechanisms) {
    var builder = Template.in(raw.arena()).text(Attribute.LABEL, label).bytes(Attribute.ID, id);
    flags.forEach((attribute, value) -> builder.flags(value, attribute));
    return mechanisms.length == 0
        ? builder
        : builder.numbers(Attribute.ALLOWED_MECHANISMS, mechanisms);
  }

  private void makeSealingKey(Map<Attribute, Boolean> flags, long... mechanisms) {
    bench.inSession(raw ->
        raw.functions()
            .generateKey(
                raw.handle(),
                Mechanism.plain(raw.arena(), Ck.CKM_AES_KEY_GEN),
                named(raw, "kek", id(), flags, mechanisms)
                    .numbers(Attribute.CLASS, Ck.CKO_SECRET_KEY)
                    .numbers(Attribute.KEY_TYPE, Ck.CKK_AES)
                    .numbers(Attribute.VALUE_LEN, 32)
                    .build(),
                raw.arena().allocate(8, 8)));
  }

  private void makeSigningKey(Map<Attribute, Boolean> flags, long... mechanisms) {
    var id = id();
    bench.inSession(raw ->
        raw.functions()
            .generateKeyPair(
                raw.handle(),
                Mechanism.plain(raw.arena(), Ck.CKM_EC_KEY_PAIR_GEN),
                Templates.publicHalf(
                    raw.arena(), KeyRef.of(KeySpec.IDENTITY.name(), id), Curve.P256, Set.of()),
                named(raw, "identity", id, flags, mechanisms)
                    .numbers(Attribute.CLASS, Ck.CKO_PRIVATE_KEY)
                    .numbers(Attribute.KEY_TYPE, Ck.CKK_EC)
                    .build(),
                raw.arena().allocate(8, 8),
                raw.arena().allocate(8, 8)));
  }

  private static byte[] id() {
    var id = new byte[16];
    new java.security.SecureRandom().nextBytes(id);
    return id;
  }

  private void destroyAll(Attribute attribute, String value) {
    bench.inSession(raw -> {
      var all = Template.in(raw.arena()).text(attribute, value).build();
      for (long object : new Objects(raw.functions(), raw.handle()).matching(raw.arena(), all)) {
        raw.functions().destroyObject(raw.handle(), object);
      }
    });
  }

  private void rename(KeyRef key, String label) {
    rename(key, label, key);
  }

  /** Makes a public half of {@code label} and the id of {@code as} in place of the one of key. */
  private void rename(KeyRef key, String label, KeyRef as) {
    bench.inSession(raw -> {
      var objects = new Objects(raw.functions(), raw.handle());
      var half = Templates.namingPublicHalf(raw.arena(), key);
      for (long object : objects.matching(raw.arena(), half)) {
        raw.functions().destroyObject(raw.handle(), object);
      }
      raw.functions()
          .generateKeyPair(
              raw.handle(),
              Mechanism.plain(raw.arena(), Ck.CKM_EC_KEY_PAIR_GEN),
              Template.in(raw.arena())
                  .flags(true, Attribute.TOKEN, Attribute.VERIFY)
                  .text(Attribute.LABEL, label)
                  .bytes(Attribute.ID, as.idBytes())
                  .bytes(Attribute.EC_PARAMS, Curve.P256.parameters())
                  .build(),
              Template.in(raw.arena()).flags(false, Attribute.TOKEN).build(),
              raw.arena().allocate(8, 8),
              raw.arena().allocate(8, 8));
    });
  }
}
