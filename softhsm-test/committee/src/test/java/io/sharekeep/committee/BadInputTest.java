package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client can send wrong, to real processes over real TLS. Each thing gets one clear problem,
 * and nothing is lost: the committee signs after every one of them.
 */
@ExtendWith(Trio.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String SIGN = "/v1/sign-requests";
  private static final String JSON = "application/json";
  private static final int BODY_LIMIT = 1 << 20;

  private final Trio trio;
  private final HttpClient payments;

  BadInputTest(Trio trio) {
    this.trio = trio;
    this.payments = client(TlsClient.as(trio.committee().service()));
  }

  @AfterEach
  void nothingIsLost() throws Exception {
    assertEquals(201, send(payments, SIGN, JSON, right()).statusCode());
    trio.committee().members().forEach(Problems::assertNoFaultLogged);
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).connectTimeout(Duration.ofSeconds(20)).build();
  }

  private HttpResponse<byte[]> send(HttpClient client, String path, String type, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(trio.member(1).clientUrl() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static JsonNode problem(int status, String code, HttpResponse<byte[]> response) {
    return Problems.assertProblem(
        status,
        code,
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body());
  }

  private Orders orders() {
    return Orders.of(trio.solana(), trio.payload(trio.solana()));
  }

  private String right() {
    return orders().bodyBy(trio.committee().service());
  }

  /**
   * @param says a word that the detail must hold
   */
  record Spoiling(String what, UnaryOperator<String> how, String says) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Spoiling replace(String what, String part, String with, String says) {
    return new Spoiling(
        what,
        body -> {
          assertTrue(body.contains(part), body);
          return body.replace(part, with);
        },
        says);
  }

  private static Spoiling match(String what, String regex, String with, String says) {
    return new Spoiling(
        what,
        body -> {
          var spoilt = body.replaceFirst(regex, with);
          assertTrue(!spoilt.equals(body), body);
          return spoilt;
        },
        says);
  }

  static Stream<Spoiling> malformed() {
    return Stream.of(
        replace(
            "an unknown field of the body",
            "{\"request\":{\"k",
            "{\"memo\":1,\"request\":{\"k",
            "memo"),
        replace(
            "an unknown field of the signed request", "\"kind\"", "\"memo\":1,\"kind\"", "memo"),
        replace(
            "an unknown field of the request", "\"requestId\"", "\"memo\":1,\"requestId\"", "memo"),
        replace(
            "a duplicate field of the body",
            "\"payload\"",
            "\"payload\":\"\",\"payload\"",
            "payload"),
        replace(
            "a duplicate field of the signed request",
            "\"kind\"",
            "\"kind\":\"sign\",\"kind\"",
            "kind"),
        match("a duplicate field of the request", "(\"keyId\":\"\\w+\")", "$1,$1", "keyId"),
        match("a payload that is a number", "\"payload\":\"[^\"]*\"", "\"payload\":7", "payload"),
        match("a payload that is not base64", "\"payload\":\"", "\"payload\":\"%", "payload"),
        match(
            "a request that is a list",
            "\"request\":.*(,\"payload\")",
            "\"request\":[]$1",
            "request"),
        match("a key id that is a number", "\"keyId\":\"\\w+\"", "\"keyId\":7", "keyId"),
        match(
            "a key id in capitals",
            "\"keyId\":\"\\w+\"",
            "\"keyId\":\"" + "A".repeat(32) + "\"",
            "keyId"),
        match("a date that is a number", "\"notAfter\":\"[^\"]*\"", "\"notAfter\":1", "notAfter"),
        match(
            "a date that is none", "\"notAfter\":\"[^\"]*\"", "\"notAfter\":\"soon\"", "notAfter"),
        match("expectations that are a list", "\"expect\":\\{\\}", "\"expect\":[]", "expect"),
        match("no signature", ",\"signature\":\"\\w+\"", "", "signature"),
        match("half a signature", "(\"signature\":\"\\w{64})\\w+", "$1", "signature"),
        new Spoiling("cut short", body -> body.substring(0, body.length() / 2), "JSON"),
        new Spoiling("a second value", body -> body + "{}", "JSON"),
        new Spoiling("nothing", _ -> "", "JSON object"),
        new Spoiling("a list", _ -> "[]", "JSON object"),
        new Spoiling("no JSON", _ -> "requestId=1", "JSON"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void isMalformedAndTheSameRequestUnspoiltIsSigned(Spoiling spoiling) throws Exception {
    var right = right();
    var answer = problem(400, "malformed", send(payments, SIGN, JSON, spoiling.how().apply(right)));
    var detail = answer.path("detail").asText();
    assertTrue(detail.contains(spoiling.says()), detail);
    assertEquals(201, send(payments, SIGN, JSON, right).statusCode());
  }

  @Test
  void aBodyOverTheLimitIsToldTheLimit() throws Exception {
    var answer =
        problem(413, "body-too-large", send(payments, SIGN, JSON, "x".repeat(BODY_LIMIT + 1)));
    assertTrue(answer.path("detail").asText().contains(String.valueOf(BODY_LIMIT)));
  }

  @Test
  void aRequestThatNoInitiatorSignedIsUnauthentic() throws Exception {
    var right = right();
    var forged = right.replaceFirst("\"signature\":\"........", "\"signature\":\"00000000");
    problem(403, "request-unauthentic", send(payments, SIGN, JSON, forged));
    var changed = right.replaceFirst("\"notAfter\":\"2", "\"notAfter\":\"3");
    problem(403, "request-unauthentic", send(payments, SIGN, JSON, changed));
    var swapped = right.replaceFirst("\"payload\":\"..", "\"payload\":\"//");
    problem(422, "mismatch", send(payments, SIGN, JSON, swapped));
    var owner = new Operator(new InThisJvm()).identity("nobody", trio.folder().resolve("nobody"));
    problem(403, "request-unauthentic", send(payments, SIGN, JSON, orders().bodyBy(owner)));
    assertEquals(201, send(payments, SIGN, JSON, right).statusCode());
  }

  @Test
  void anAdministratorsSignatureDoesNotMoveMoney() throws Exception {
    var signed = orders().bodyBy(trio.committee().administrator());
    problem(403, "denied", send(payments, SIGN, JSON, signed));
    var administrator = client(TlsClient.as(trio.committee().administrator()));
    problem(403, "caller-not-admitted", send(administrator, SIGN, JSON, right()));
  }

  @Test
  void anUnknownKeyIsUnknown() throws Exception {
    var body = orders().withKey("ee".repeat(16)).bodyBy(trio.committee().service());
    var answer = problem(404, "unknown-key", send(payments, SIGN, JSON, body));
    assertTrue(answer.path("detail").asText().contains("ee".repeat(16)));
  }

  @Test
  void anExpiredRequestIsExpired() throws Exception {
    var past = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS);
    var body = orders().withNotAfter(past).bodyBy(trio.committee().service());
    problem(410, "expired", send(payments, SIGN, JSON, body));
  }

  @Test
  void everyTruncatedTransactionIsRefused() throws Exception {
    var whole = orders().payload();
    for (int length = 0; length < whole.length; length += 7) {
      var body = orders().withPayload(Arrays.copyOf(whole, length));
      problem(
          422,
          "payload-refused",
          send(payments, SIGN, JSON, body.bodyBy(trio.committee().service())));
    }
  }

  @Test
  void routesMethodsAndContentTypesThatAreNotThereAreTold() throws Exception {
    problem(415, "content-type", send(payments, SIGN, "text/plain", right()));
    problem(404, "unknown-route", send(payments, "/v2/sign", JSON, right()));
    problem(405, "method-not-allowed", send(payments, "/v1/keys", JSON, "{}"));
    problem(404, "unknown-route", send(payments, "/v1/peer/sessions/x/step", JSON, "{}"));
  }

  @Test
  void whoIsNotPinnedOrHasExpiredGetsNoAnswer() {
    var wrong =
        List.<Supplier<SSLContext>>of(
            TlsClient::stranger,
            TlsClient::nobody,
            () -> TlsClient.expired(trio.committee().service()));
    for (var tls : wrong) {
      var client = client(tls.get());
      assertThrows(IOException.class, () -> send(client, SIGN, JSON, right()));
    }
  }

  @Test
  void theCommandTellsAStrangerAndAnExpiredClientWhatToDo() throws Exception {
    var people = trio.folder().resolve("strangers");
    var stranger = new Operator(new InThisJvm()).identity("stranger", people);
    var refused = status(stranger.prefix().toString());
    assertTrue(refused.exit() == 3 || refused.exit() == 6, refused.err());
    Problems.assertSentence(refused.exit(), "policy", refused);

    var service = trio.committee().service();
    var old = people.resolve("old.tls.pem");
    var certificate =
        TlsClient.expired(
            TlsClient.certificate(service.prefix().resolveSibling(service.name() + ".tls.pem"))
                .getPublicKey(),
            TlsClient.privateKey(
                service.prefix().resolveSibling(service.name() + ".tls.key.pem"), "EC"));
    java.nio.file.Files.writeString(
        old,
        "-----BEGIN CERTIFICATE-----\n"
            + java.util.Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n",
        UTF_8);
    Problems.assertSentence(
        2, "ended", status(service.prefix().toString(), "--tls-cert", old.toString()));
  }

  private Sharekeep.Result status(String prefix, String... more) {
    var arguments =
        new java.util.ArrayList<>(
            List.of(
                "status",
                "--url",
                trio.member(1).clientUrl(),
                "--committee",
                trio.committee().document(Trio.SHAPE).toString(),
                "--identity",
                prefix));
    arguments.addAll(List.of(more));
    return new InThisJvm().run(arguments);
  }
}
