package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.SignedRequests.Parsed;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedRequestsTest {
  private static final SignRequest SIGN =
      new SignRequest(
          "r-1",
          "ab".repeat(32),
          new KeyId("01".repeat(16)),
          Optional.empty(),
          "btc.tx",
          "cd".repeat(32),
          Map.of("amount", "5", "destination", "x"),
          Instant.parse("2027-01-31T12:00:00Z"));
  private static final KeyRequest KEY =
      new KeyRequest(
          "r-2",
          "ab".repeat(32),
          new KeyId("02".repeat(16)),
          "treasury",
          Scheme.FROST_ED25519,
          Set.of("sol.tx"),
          Instant.parse("2027-01-31T12:00:00Z"));

  private static final PairRequest PAIR =
      new PairRequest(
          "r-3",
          "ab".repeat(32),
          new KeyId("01".repeat(16)),
          List.of(1, 2),
          4,
          Instant.parse("2027-01-31T12:00:00Z"));

  @Test
  void aPairIsTwoPartiesOnce() throws Exception {
    var json = new String(SignedRequests.toJson(Signer.ed25519().sign(PAIR)), UTF_8);
    assertTrue(json.contains("\"parties\":[1,2]"), json);
    for (var parties : new String[] {"[]", "[1]", "[1,1]", "[2,1]", "[1,2,3]", "[0,1]"}) {
      var bent = json.replace("\"parties\":[1,2]", "\"parties\":" + parties);
      assertInstanceOf(Parsed.Malformed.class, SignedRequests.parse(bent.getBytes(UTF_8)), bent);
    }
    var none = json.replace("\"generation\":4", "\"generation\":0");
    assertInstanceOf(Parsed.Malformed.class, SignedRequests.parse(none.getBytes(UTF_8)));
  }

  @Test
  void theSignedBytesAreTheCanonicalJsonBehindTheDomainLine() throws Exception {
    assertEquals(
        "{\"committee\":\""
            + "ab".repeat(32)
            + "\",\"expect\":{\"amount\":\"5\",\"destination\":\"x\"},\"keyId\":\""
            + "01".repeat(16)
            + "\",\"notAfter\":\"2027-01-31T12:00:00Z\",\"payloadSha256\":\""
            + "cd".repeat(32)
            + "\",\"purpose\":\"btc.tx\",\"requestId\":\"r-1\"}",
        new String(SIGN.canonicalJson(), UTF_8));
    var sha256 = java.security.MessageDigest.getInstance("SHA-256");
    sha256.update("sharekeep/request/v1\n".getBytes(UTF_8));
    assertArrayEquals(sha256.digest(SIGN.canonicalJson()), SIGN.digest());
  }

  @Test
  void whatIsWrittenIsReadBackAndStillVerifies() {
    for (var signer : new Signer[] {Signer.ed25519(), Signer.p256()}) {
      var sign =
          assertInstanceOf(
              Parsed.Sign.class, SignedRequests.parse(SignedRequests.toJson(signer.sign(SIGN))));
      assertEquals(SIGN, sign.request().body());
      assertTrue(SignedRequests.verifies(sign.request()));
      var key =
          assertInstanceOf(
              Parsed.GenerateKey.class,
              SignedRequests.parse(SignedRequests.toJson(signer.sign(KEY))));
      assertEquals(KEY, key.request().body());
      assertTrue(SignedRequests.verifies(key.request()));
      var pair =
          assertInstanceOf(
              Parsed.RekeyPair.class,
              SignedRequests.parse(SignedRequests.toJson(signer.sign(PAIR))));
      assertEquals(PAIR, pair.request().body());
      assertTrue(SignedRequests.verifies(pair.request()));
    }
  }

  @Test
  void aSignatureHoldsForItsOwnBodyKeyAndAlgorithmAlone() {
    var signer = Signer.ed25519();
    var signed = signer.sign(SIGN);
    var other =
        new SignRequest(
            SIGN.requestId(),
            SIGN.committee(),
            SIGN.keyId(),
            SIGN.path(),
            SIGN.purpose(),
            "ce".repeat(32),
            SIGN.expect(),
            SIGN.notAfter());
    assertFalse(
        SignedRequests.verifies(
            new SignedRequest<>(other, signed.algorithm(), signed.key(), signed.signature())));
    assertFalse(
        SignedRequests.verifies(
            new SignedRequest<>(
                SIGN, signed.algorithm(), Signer.ed25519().spki(), signed.signature())));
    assertFalse(
        SignedRequests.verifies(
            new SignedRequest<>(
                SIGN, SignedRequest.KeyAlgorithm.P256, signed.key(), signed.signature())));
    byte[] flipped = signed.signature();
    flipped[3] ^= 1;
    assertFalse(
        SignedRequests.verifies(
            new SignedRequest<>(SIGN, signed.algorithm(), signed.key(), flipped)));
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"requestId\":\"r-1\" | \"requestId\":\"r-1\",\"more\":1 | unknown field request.more",
        "\"requestId\":\"r-1\" | \"requestId\":\"r-1\",\"requestId\":\"r-1\" | appears twice",
        "\"requestId\":\"r-1\" | \"requestId\":7 | request.requestId must be a string",
        "\"requestId\":\"r-1\" | \"requestId\":\"r 1\" | request.requestId must be",
        "\"requestId\":\"r-1\" | \"requestid\":\"r-1\" | missing field request.requestId",
        "\"purpose\":\"btc.tx\" | \"purpose\":\"BTC\" | request.purpose must be",
        "\"kind\":\"sign\" | \"kind\":\"sing\" | kind must be sign, generate-key or rekey-pair",
        "\"kind\":\"sign\" | \"kind\":\"generate-key\" | missing field",
        "\"algorithm\":\"ed25519\" | \"algorithm\":\"rsa\" | algorithm must be",
        "12:00:00Z | 12:00:00+01:00 | request.notAfter must be",
        "\"expect\":{\"amount\" | \"expect\":{\"amount\":{}},\"x\":{\"a\" | must be a string",
      })
  void aWrongFieldIsRefusedByName(String was, String is, String complaint) {
    var json = new String(SignedRequests.toJson(Signer.ed25519().sign(SIGN)), UTF_8);
    assertTrue(json.contains(was), json);
    var malformed =
        assertInstanceOf(
            Parsed.Malformed.class, SignedRequests.parse(json.replace(was, is).getBytes(UTF_8)));
    assertTrue(malformed.reason().contains(complaint), malformed.reason());
  }

  @Test
  void everyTruncationIsRefusedAndNothingThrows() {
    byte[] json = SignedRequests.toJson(Signer.ed25519().sign(SIGN));
    for (int length = 0; length < json.length; length++) {
      assertInstanceOf(Parsed.Malformed.class, SignedRequests.parse(Arrays.copyOf(json, length)));
    }
    byte[] trailing = (new String(json, UTF_8) + "{}").getBytes(UTF_8);
    assertInstanceOf(Parsed.Malformed.class, SignedRequests.parse(trailing));
    assertInstanceOf(
        Parsed.Malformed.class, SignedRequests.parse(new byte[SignedRequests.MAX_BYTES + 1]));
  }

  @Test
  void aKeyOfAnotherCurveOrEncodingIsNoKey() throws Exception {
    var generator = java.security.KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec("secp384r1"));
    byte[] p384 = generator.generateKeyPair().getPublic().getEncoded();
    assertTrue(SignatureKeys.decode(SignedRequest.KeyAlgorithm.P256, p384).isEmpty());
    byte[] longer = Arrays.copyOf(Signer.p256().spki(), 92);
    assertTrue(SignatureKeys.decode(SignedRequest.KeyAlgorithm.P256, longer).isEmpty());
    assertEquals(64, SignatureKeys.pin(p384).length());
    assertEquals(32, HexFormat.of().parseHex(SignatureKeys.pin(p384)).length);
  }
}
