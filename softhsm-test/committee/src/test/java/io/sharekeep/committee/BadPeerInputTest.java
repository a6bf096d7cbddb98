package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a peer can send wrong, with the TLS key in a member's own edge token. */
@ExtendWith(Trio.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadPeerInputTest {
  private static final String CBOR = "application/cbor";
  private static final int BODY_LIMIT = 1 << 20;
  private static final String SESSION = "/v1/peer/sessions/" + "ab".repeat(32) + "/step";

  /** Between a whole signed request's truncations; a prime, so that every kind of item is cut. */
  private static final int STRIDE = 41;

  private final Trio trio;
  private final PeerProbe peer;

  BadPeerInputTest(Trio trio) {
    this.trio = trio;
    this.peer = PeerProbe.as(trio.member(2));
  }

  @AfterAll
  void end() {
    peer.close();
  }

  @AfterEach
  void nothingIsLost() {
    trio.assertSigns(trio.solana(), trio.member(1));
    trio.committee().members().forEach(Problems::assertNoFaultLogged);
  }

  private PeerProbe.Answer post(String path, byte[] body) {
    return peer.post(trio.member(1).peerUrl() + path, CBOR, body);
  }

  private static JsonNode problem(int status, String code, PeerProbe.Answer answer) {
    return Problems.assertProblem(
        status, code, answer.status(), answer.contentType(), answer.body());
  }

  private static byte[] encode(Cbor item) {
    return CborEncoder.encode(CborProfile.WIRE, item);
  }

  private static byte[] laterRound() {
    return encode(Cbor.map(map -> map.put(1, 2).put(3, Cbor.list(Cbor.bytes(new byte[20])))));
  }

  /** A round 1 whose signed request is right and whose context is not. */
  private byte[] opening() {
    var orders = Orders.of(trio.solana(), trio.payload(trio.solana()));
    var signed = orders.signedBy(trio.committee().service()).getBytes(UTF_8);
    return encode(
        Cbor.map(map ->
            map.put(1, 1)
                .put(
                    2,
                    Cbor.map(fields ->
                        fields.put(1, new byte[] {0}).put(2, signed).put(3, orders.payload())))
                .put(3, Cbor.list())));
  }

  @Test
  void everyTruncationIsMalformedAndTheWholeIsNot() {
    var later = laterRound();
    for (int length = 0; length < later.length; length++) {
      problem(400, "malformed", post(SESSION, Arrays.copyOf(later, length)));
    }
    var whole = post(SESSION, later);
    assertEquals(404, whole.status(), whole.text());
    assertEquals(CBOR, whole.contentType());
    assertTrue(whole.text().contains("unknown-session"), whole.text());

    var opening = opening();
    for (int length = 0; length < opening.length; length += STRIDE) {
      problem(400, "malformed", post(SESSION, Arrays.copyOf(opening, length)));
    }
    var opened = post(SESSION, opening);
    assertEquals(400, opened.status(), opened.text());
    assertEquals(CBOR, opened.contentType());
    assertTrue(opened.text().contains("context is malformed"), opened.text());
  }

  @Test
  void whatIsNotCanonicalOrNotInTheSchemaIsMalformed() {
    Function<String, byte[]> hex = HexFormat.of()::parseHex;
    problem(400, "malformed", post(SESSION, hex.apply("a2010203" + "80" + "00"))); // trailing byte
    problem(400, "malformed", post(SESSION, hex.apply("a301020380" + "0400"))); // unknown field
    problem(400, "malformed", post(SESSION, hex.apply("a3010201020380"))); // duplicate field
    problem(400, "malformed", post(SESSION, hex.apply("a20118020380"))); // longer than it must be
    problem(400, "malformed", post(SESSION, hex.apply("a2038001" + "02"))); // out of order
    problem(400, "malformed", post(SESSION, hex.apply("a2016132" + "0380"))); // text for a number
    problem(
        400, "malformed", post(SESSION, hex.apply("a20102" + "038100"))); // a number in the inbox
    problem(400, "malformed", post(SESSION, hex.apply("a201000380"))); // round 0
    problem(400, "malformed", post(SESSION, hex.apply("bf01020380ff"))); // indefinite length
    problem(400, "malformed", post(SESSION, "{\"1\":2}".getBytes(UTF_8)));
  }

  @Test
  void namesContentTypesAndSizesAreHeld() {
    problem(400, "malformed", post("/v1/peer/sessions/ABC/step", laterRound()));
    problem(404, "unknown-route", post("/v1/sign-requests", laterRound()));
    problem(
        415,
        "content-type",
        peer.post(trio.member(1).peerUrl() + SESSION, "application/json", laterRound()));
    var answer = problem(413, "body-too-large", post(SESSION, new byte[BODY_LIMIT + 1]));
    assertTrue(answer.path("detail").asText().contains(String.valueOf(BODY_LIMIT)));
    var statements =
        encode(Cbor.map(map -> map.put(1, new byte[16]).put(2, new byte[32]).put(3, Cbor.list())));
    problem(400, "malformed", post("/v1/peer/keys/" + "ab".repeat(16) + "/statements", statements));
  }

  @Test
  void anExpiredPeerGetsNoAnswerThoughItsKeyIsPinned() {
    try (var expired = PeerProbe.expired(trio.member(2))) {
      var answer = expired.post(trio.member(1).peerUrl() + SESSION, CBOR, laterRound());
      assertEquals(0, answer.status(), answer.text());
    }
  }

  @Test
  void whoIsNoPartyGetsNoAnswer() {
    for (var tls :
        new javax.net.ssl.SSLContext[] {
          TlsClient.as(trio.committee().service()), TlsClient.stranger(), TlsClient.nobody()
        }) {
      var client = HttpClient.newBuilder().sslContext(tls).build();
      var request =
          HttpRequest.newBuilder(URI.create(trio.member(1).peerUrl() + "/v1/status")).build();
      Assertions.assertThrows(
          IOException.class, () -> client.send(request, BodyHandlers.ofByteArray()));
    }
  }
}
