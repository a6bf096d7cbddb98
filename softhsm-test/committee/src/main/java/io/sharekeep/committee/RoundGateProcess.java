package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.appliance.peer.StepCodec;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.committee.RoundGate.Moment;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.pkcs11.edge.EdgeConfiguration;
import io.sharekeep.pkcs11.edge.EdgeTls;
import io.sharekeep.pkcs11.edge.EdgeToken;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The process behind {@link RoundGate}. Standard input says what to hold, standard output when
 * something is held.
 */
final class RoundGateProcess {
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final HttpClient http;
  private final String behind;
  private final StepCodec codec = new StepCodec(ApplianceConfiguration.Limits.DEFAULT.bodyBytes());
  private final AtomicReference<Order> order = new AtomicReference<>(Order.NONE);

  /** What to hold, and how it is let go. */
  private record Order(int round, Moment moment, CountDownLatch released) {
    private static final Order NONE = new Order(0, Moment.BEFORE, new CountDownLatch(0));
  }

  private RoundGateProcess(HttpClient http, String behind) {
    this.http = http;
    this.behind = behind;
  }

  public static void main(String[] arguments) throws Exception {
    EdgeTls.register();
    var configuration =
        EdgeConfiguration.of(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]));
    try (var token = EdgeToken.open(configuration);
        var in = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        var threads = Executors.newCachedThreadPool()) {
      var tls = SSLContext.getInstance("TLSv1.3");
      // Whoever asks is judged by the member behind, which sees the member's own key here.
      var trust = new TrustManager[] {PinnedTrust.of(_ -> true, InstantSource.system())};
      var certificate = certificate(Path.of(arguments[3]));
      tls.init(
          new KeyManager[] {EdgeTls.keyManager(token.certified(List.of(certificate)))},
          trust,
          null);
      try (var http = HttpClient.newBuilder().sslContext(tls).build()) {
        var gate = new RoundGateProcess(http, "https://127.0.0.1:" + arguments[5]);
        var address =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[4]));
        var server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new Mutual(tls));
        server.setExecutor(threads);
        server.createContext("/", gate::pass);
        server.start();
        System.out.println("ready");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
          gate.obey(line);
        }
        server.stop(0);
      }
    }
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static final class Mutual extends HttpsConfigurator {
    private Mutual(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      var tls = getSSLContext().getDefaultSSLParameters();
      tls.setProtocols(new String[] {"TLSv1.3"});
      tls.setNeedClientAuth(true);
      parameters.setSSLParameters(tls);
    }
  }

  private void obey(String line) {
    order.get().released().countDown();
    if (line.equals("release")) {
      order.set(Order.NONE);
    } else {
      var words = line.split(" ", -1);
      order.set(
          new Order(Integer.parseInt(words[1]), Moment.valueOf(words[0]), new CountDownLatch(1)));
    }
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int round =
          exchange.getRequestURI().getPath().endsWith("/step")
                  && codec.request(body) instanceof Parsed.Valid<StepRequest>(var step)
              ? step.round()
              : 0;
      hold(round, Moment.BEFORE);
      var answer = forward(exchange, body);
      hold(round, Moment.AFTER);
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // A member that is gone leaves its asker without an answer, as it would without a gate.
  }

  private void hold(int round, Moment moment) throws InterruptedException {
    var wanted = order.get();
    if (round != 0 && wanted.round() == round && wanted.moment() == moment) {
      System.out.println("held");
      wanted.released().await();
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
            .timeout(ANSWER)
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (var name : List.of("Content-Type", "traceparent")) {
      var value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }
}
