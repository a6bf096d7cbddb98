package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.pkcs11.edge.EdgeConfiguration;
import io.sharekeep.pkcs11.edge.EdgeTls;
import io.sharekeep.pkcs11.edge.EdgeToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A peer that sends what it likes: a process with a member's edge token, since a process sees one
 * SoftHSM home and its TLS key never leaves it. One line asks, one line answers.
 */
final class PeerProbe implements AutoCloseable {
  private static final String NO_ANSWER = "0";

  private final Process process;
  private final BufferedReader answers;

  private PeerProbe(Process process) {
    this.process = process;
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
  }

  /**
   * What came back.
   *
   * @param status 0 if the connection gave no answer; the body then says why
   */
  record Answer(int status, String contentType, byte[] body) {
    String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** With the member's own key and certificate. */
  static PeerProbe as(Member member) {
    return start(member, "valid");
  }

  /** With the member's own key, which is pinned, and a certificate over it that has ended. */
  static PeerProbe expired(Member member) {
    return start(member, "expired");
  }

  private static PeerProbe start(Member member, String kind) {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            PeerProbe.class.getName(),
            member.tokens().library().toString(),
            member.tokens().edgeLabel(),
            member.tokens().edgePinFile().toString(),
            member.stateFolder().resolve("tls.pem").toString(),
            kind);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SOFTHSM2_CONF", member.tokens().home().configuration().toString());
    try {
      return new PeerProbe(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer post(String url, String contentType, byte[] body) {
    try {
      var base64 = Base64.getEncoder();
      var out = process.outputWriter(US_ASCII);
      out.write(url + "\t" + contentType + "\t" + base64.encodeToString(body) + "\n");
      out.flush();
      var line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the probe ended");
      }
      var parts = line.split("\t", -1);
      return new Answer(Integer.parseInt(parts[0]), parts[1], Base64.getDecoder().decode(parts[2]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** The process itself. */
  public static void main(String[] arguments) throws Exception {
    EdgeTls.register();
    var configuration =
        EdgeConfiguration.of(Path.of(arguments[0]), arguments[1], Path.of(arguments[2]));
    try (var token = EdgeToken.open(configuration);
        var in = new BufferedReader(new InputStreamReader(System.in, US_ASCII))) {
      var certificate = TlsClient.certificate(Path.of(arguments[3]));
      var shown = arguments[4].equals("expired") ? expired(certificate) : certificate;
      var tls = TlsClient.context(EdgeTls.keyManager(token.certified(List.of(shown))));
      try (var http = HttpClient.newBuilder().sslContext(tls).build()) {
        for (var line = in.readLine(); line != null; line = in.readLine()) {
          System.out.println(answer(http, line.split("\t", -1)));
        }
      }
    }
  }

  private static X509Certificate expired(X509Certificate certificate) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return TlsClient.expired(certificate.getPublicKey(), generator.generateKeyPair().getPrivate());
  }

  private static String answer(HttpClient http, String[] asked) throws InterruptedException {
    var base64 = Base64.getEncoder();
    var request =
        HttpRequest.newBuilder(URI.create(asked[0]))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", asked[1])
            .POST(BodyPublishers.ofByteArray(Base64.getDecoder().decode(asked[2])))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofByteArray());
      return response.statusCode()
          + "\t"
          + response.headers().firstValue("Content-Type").orElse("")
          + "\t"
          + base64.encodeToString(response.body());
    } catch (IOException e) {
      return NO_ANSWER + "\t\t" + base64.encodeToString(String.valueOf(e).getBytes(US_ASCII));
    }
  }
}
