package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.pkcs11.edge.PinnedTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The client process of {@link ServiceBench}: signs its requests and waits for their signatures.
 */
final class ServiceClient {
  private static final int WARM_UP_IN_FLIGHT = 8;
  private static final int SLICE_SECONDS = 10;
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private final HttpClient http;
  private final List<URI> urls;
  private final byte[] publicKey;
  private final PrivateKey signer;
  private final String keyId;
  private final String committee;
  private final String purpose;
  private final byte[] payload;
  private final AtomicInteger turn = new AtomicInteger();

  private ServiceClient(String[] arguments) throws IOException, GeneralSecurityException {
    var prefix = Path.of(arguments[0]);
    var json = new ObjectMapper();
    var pins = new HashSet<String>();
    json.readTree(Path.of(arguments[1]).toFile())
        .findValues("tls")
        .forEach(pin -> pins.add(pin.asText()));
    publicKey =
        HexFormat.of()
            .parseHex(json.readTree(file(prefix, ".json").toFile()).findValue("key").asText());
    signer = key(file(prefix, ".key.pem"), "Ed25519");
    keyId = arguments[2];
    committee = arguments[3];
    purpose = arguments[4];
    payload = Files.readAllBytes(Path.of(arguments[5]));
    urls =
        Arrays.stream(arguments).skip(9).map(url -> URI.create(url + "/v1/sign-requests")).toList();
    var tls = SSLContext.getInstance("TLSv1.3");
    tls.init(
        keys(prefix).getKeyManagers(),
        new TrustManager[] {PinnedTrust.of(pins::contains, InstantSource.system())},
        null);
    http = HttpClient.newBuilder().sslContext(tls).build();
  }

  /**
   * Arguments: identity prefix, committee document, key id, committee hash, purpose, payload file,
   * seconds of warming up and of each measurement, requests in flight with commas, URLs.
   */
  public static void main(String[] arguments) throws Exception {
    var client = new ServiceClient(arguments);
    var seconds = Duration.ofSeconds(Integer.parseInt(arguments[7]));
    client.warmUp(Integer.parseInt(arguments[6]));
    for (var inFlight : arguments[8].split(",", -1)) {
      client.run(Integer.parseInt(inFlight), SETTLE);
      System.out.println("begin");
      System.out.println(client.measure(Integer.parseInt(inFlight), seconds));
    }
    System.exit(0);
  }

  private void warmUp(int seconds) throws Exception {
    long began = System.nanoTime();
    for (int past = 0; past < seconds; past += SLICE_SECONDS) {
      long slice = System.nanoTime();
      int many = run(WARM_UP_IN_FLIGHT, Duration.ofSeconds(SLICE_SECONDS)).length;
      long now = System.nanoTime();
      System.err.printf(
          Locale.ROOT,
          "warming up, %3.0f s: %.0f per second%n",
          (now - began) / 1e9,
          many * 1e9 / (now - slice));
    }
  }

  private ObjectNode measure(int inFlight, Duration time) throws Exception {
    var cpu = cpu();
    long began = System.nanoTime();
    var times = run(inFlight, time);
    double seconds = (System.nanoTime() - began) / 1e9;
    var spent = cpu().minus(cpu);
    var row = new ObjectMapper().createObjectNode();
    row.put("per_second", Math.round(times.length / seconds * 10) / 10.0);
    row.put("p50_ms", millis(times, 0.5));
    row.put("p99_ms", millis(times, 0.99));
    row.put("signatures", times.length);
    row.put("cpu_ms_client", Math.round(1000.0 * spent.toMillis() / times.length) / 1000.0);
    row.put("in_flight", inFlight);
    return row;
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static double millis(long[] times, double quantile) {
    return Math.round(times[(int) ((times.length - 1) * quantile)] / 1e4) / 100.0;
  }

  /** So many at once, one after the other each; ascending times in nanoseconds. */
  private long[] run(int inFlight, Duration time) throws Exception {
    var times = new ConcurrentLinkedQueue<Long>();
    long end = System.nanoTime() + time.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes =
          java.util.stream.IntStream.range(0, inFlight)
              .<Future<?>>mapToObj(_ ->
                  threads.submit(() -> {
                    while (System.nanoTime() < end) {
                      times.add(one());
                    }
                    return times;
                  }))
              .toList();
      for (var lane : lanes) {
        lane.get();
      }
    }
    return times.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private long one() throws Exception {
    var url = urls.get(Math.floorMod(turn.getAndIncrement(), urls.size()));
    var request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body()))
            .build();
    long began = System.nanoTime();
    var response = http.send(request, BodyHandlers.ofString());
    long took = System.nanoTime() - began;
    if (response.statusCode() != 201) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return took;
  }

  private String body() throws GeneralSecurityException {
    var body =
        new SignRequest(
            UUID.randomUUID().toString(),
            committee,
            new KeyId(keyId),
            Optional.empty(),
            purpose,
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload)),
            Map.of(),
            Instant.now().plusSeconds(120).truncatedTo(ChronoUnit.SECONDS));
    var ed25519 = Signature.getInstance("Ed25519");
    ed25519.initSign(signer);
    ed25519.update(body.digest());
    var request =
        new SignedRequest<>(body, SignedRequest.KeyAlgorithm.ED25519, publicKey, ed25519.sign());
    return "{\"request\":"
        + new String(SignedRequests.toJson(request), UTF_8)
        + ",\"payload\":\""
        + Base64.getEncoder().encodeToString(payload)
        + "\"}";
  }

  private static Path file(Path prefix, String suffix) {
    return prefix.resolveSibling(prefix.getFileName() + suffix);
  }

  private static KeyManagerFactory keys(Path prefix) throws IOException, GeneralSecurityException {
    Certificate certificate;
    try (var in = Files.newInputStream(file(prefix, ".tls.pem"))) {
      certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client",
        key(file(prefix, ".tls.key.pem"), "EC"),
        new char[0],
        new Certificate[] {certificate});
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory;
  }

  private static PrivateKey key(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    var pem = Files.readString(file).replaceAll("-----.*?-----", "");
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
  }
}
