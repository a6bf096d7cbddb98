package io.sharekeep.committee;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./dev bench service}: three appliances, each a process with a SoftHSM of its own, and a
 * client process that asks all three by turns over mutual TLS for FROST signatures of a Solana
 * transfer, two parties of three. All run until they are warm, and say every ten seconds how fast
 * they are; then a row for 1, 32 and 8 requests in flight. The last line is that of 8 as JSON, in
 * which CPU is milliseconds of all cores per signature.
 *
 * <p>Arguments: seconds of each row (30), {@code frost-ed25519}, {@code frost-secp256k1-tr} or
 * {@code dkls23-secp256k1}, requests in flight for each row, with commas (1,32,8), and seconds of
 * warming up (180).
 */
final class ServiceBench {
  private ServiceBench() {}

  public static void main(String[] arguments) throws Exception {
    var seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
    var scheme = arguments.length > 1 ? arguments[1] : "frost-ed25519";
    var inFlight = List.of((arguments.length > 2 ? arguments[2] : "1,32,8").split(",", -1));
    var warmUp = arguments.length > 3 ? arguments[3] : "180";
    var repository = Path.of("").toAbsolutePath();
    var shape = Shape.equal("bench", 2, 3);
    var folder = Files.createTempDirectory("bench");
    try (var committee =
        Committee.asProcesses(
            repository.resolve("bin/sharekeep"), folder.resolve("committee"), List.of(shape))) {
      committee.start();
      var key = committee.generate(shape, scheme, "bench");
      var examples = new ExampleTransactions(repository.resolve("examples"));
      var payload = folder.resolve("payload");
      Files.write(payload, examples.payingFrom(key));
      var command = new ArrayList<String>();
      command.add(ProcessHandle.current().info().command().orElseThrow());
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", ServiceClient.class.getName()));
      command.add(committee.service().prefix().toString());
      command.add(committee.document(shape).toString());
      command.addAll(List.of(key.id(), key.committee(), key.purpose(), payload.toString()));
      command.addAll(List.of(warmUp, Integer.toString(seconds), String.join(",", inFlight)));
      committee.members().forEach(member -> command.add(member.clientUrl()));
      var builder = new ProcessBuilder(command);
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      var client = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (var out = client.inputReader()) {
        var row = new ObjectMapper().createObjectNode();
        for (int i = 0; i < inFlight.size(); i++) {
          if (!"begin".equals(out.readLine())) {
            throw new IllegalStateException("the client did not begin");
          }
          if (i == 0) {
            System.out.println(
                "in flight    per second    p50 ms    p99 ms    CPU ms per signature");
          }
          row = row(committee, key, out);
        }
        System.out.println(row);
      } finally {
        client.destroy();
      }
    } finally {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static ObjectNode row(Committee committee, Key key, BufferedReader client)
      throws IOException {
    var before = committee.members().stream().map(ServiceBench::cpu).toList();
    var measured = (ObjectNode) new ObjectMapper().readTree(client.readLine());
    double signatures = measured.path("signatures").asDouble();
    double appliances = 0;
    var each = new ArrayList<String>();
    for (var member : committee.members()) {
      var spent = cpu(member).minus(before.get(member.party() - 1)).toMillis() / signatures;
      appliances += spent;
      each.add(number("%.3f", spent));
    }
    System.out.println(
        number("%9d", measured.path("in_flight").asInt())
            + number("%14.0f", measured.path("per_second").asDouble())
            + number("%10.2f", measured.path("p50_ms").asDouble())
            + number("%10.2f", measured.path("p99_ms").asDouble())
            + "    appliances "
            + String.join(" + ", each)
            + ", client "
            + number("%.3f", measured.path("cpu_ms_client").asDouble()));
    var json = new ObjectMapper().createObjectNode();
    json.put("scheme", key.scheme());
    json.setAll(measured);
    json.put("cpu_ms_appliances", Math.round(appliances * 1000) / 1000.0);
    return json;
  }

  private static Duration cpu(Member member) {
    return member
        .process()
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException(member.name() + " does not run"));
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
