package io.sharekeep.committee;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What {@code ./quickstart} runs: three appliances, six keys, six signed transactions, each
 * verified by code that had no part in making it; then the treasury's rules at work.
 */
public final class Quickstart {
  private final Path repository;
  private final PrintStream out;
  private final ObjectNode result = JsonNodeFactory.instance.objectNode();
  private boolean ok = true;

  private Quickstart(Path repository, PrintStream out) {
    this.repository = repository;
    this.out = out;
  }

  /**
   * @param arguments {@code --once} or nothing; runs in the repository's folder
   */
  public static void main(String[] arguments) throws InterruptedException {
    boolean once = List.of(arguments).contains("--once");
    var quickstart = new Quickstart(Path.of("").toAbsolutePath(), System.out);
    int exit;
    try {
      exit = quickstart.run(once) ? 0 : 1;
    } catch (IllegalStateException | UncheckedIOException e) {
      System.err.println("quickstart: " + e.getMessage());
      exit = 1;
    }
    System.exit(exit);
  }

  private boolean run(boolean once) throws InterruptedException {
    long started = System.nanoTime();
    var folder = repository.resolve("target/quickstart");
    clear(folder);
    var equal = Shape.equal("treasury", 2, 3);
    var weighted = new Shape("weighted", 3, List.of(2, 1, 1));
    say("Three appliances, each with a core and an edge token of its own and a folder of its own.");
    try (var committee =
        Committee.asProcesses(
            repository.resolve("bin/sharekeep"), folder, List.of(equal, weighted))) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> committee.members().forEach(Member::stop)));
      committee.start();
      appliances(committee);
      var keys = result.putArray("keys");
      var signatures = result.putArray("signatures");
      var made = new ArrayList<Key>();
      for (var shape : List.of(equal, weighted)) {
        say("");
        say(
            "Committee %s: %d of %d points, held by %s."
                .formatted(shape.id(), shape.threshold(), shape.points(), holders(shape)));
        for (var scheme : List.of("frost-ed25519", "frost-secp256k1-tr", "dkls23-secp256k1")) {
          long began = System.nanoTime();
          var key = committee.generate(shape, scheme, shape.id() + "-" + scheme);
          made.add(key);
          describe(keys.addObject(), key, millis(began));
          for (var signature : sign(committee, key)) {
            signatures.add(signature);
          }
        }
      }
      var story = new TreasuryStory(committee, repository.resolve("examples"), folder, this::say);
      result.set("treasury", story.run(List.of(equal, weighted), made.subList(0, 3)));
      ok &= story.ok();
      result.put("ok", ok);
      result.put("millis", millis(started));
      write(folder.resolve("result.json"));
      tell(committee, folder, once);
      if (!once) {
        new CountDownLatch(1).await();
      }
    }
    return ok;
  }

  private void appliances(Committee committee) {
    var appliances = result.putArray("appliances");
    for (var member : committee.members()) {
      try (var health = new Health(member.healthUrl())) {
        var state = health.state();
        var appliance = appliances.addObject();
        appliance.put("id", member.name());
        appliance
            .putObject("urls")
            .put("peer", member.peerUrl())
            .put("client", member.clientUrl())
            .put("health", member.healthUrl());
        appliance
            .putObject("tokens")
            .put("core", member.tokens().coreLabel())
            .put("edge", member.tokens().edgeLabel());
        appliance.put("memoryMode", state.get("secretMemory").textValue());
        appliance.put("stateDir", member.stateFolder().toString());
        say(
            "  %s is %s: secrets in %s, HSM by %s; %s/ready"
                .formatted(
                    member.name(),
                    state.get("state").textValue(),
                    state.get("secretMemory").textValue(),
                    state.get("tokenBackend").textValue(),
                    member.healthUrl()));
      }
    }
  }

  private void describe(ObjectNode json, Key key, long millis) {
    json.put("id", key.id());
    json.put("scheme", key.scheme());
    json.put("threshold", key.shape().threshold());
    json.put("points", key.shape().points());
    json.put("parties", key.shape().parties());
    json.put("publicKey", key.publicKey());
    key.address().ifPresent(address -> json.put("address", address));
    json.put("millis", millis);
    boolean agrees = key.address().equals(java.util.Optional.of(key.expectedAddress()));
    ok &= agrees;
    say(
        "  made a %s key together in %d ms: %s%s"
            .formatted(
                key.scheme(),
                millis,
                key.address().orElse("no address"),
                agrees ? "" : "  WRONG, expected " + key.expectedAddress()));
  }

  private List<ObjectNode> sign(Committee committee, Key key) {
    var payload = new ExampleTransactions(repository.resolve("examples")).payingFrom(key);
    long began = System.nanoTime();
    var outcome = committee.sign(key, payload, committee.members().getLast());
    long millis = millis(began);
    var signatures = VerifiedSignatures.of(key, payload, outcome, millis);
    ok &= signatures.all();
    say(
        "  signed a %s transaction in %d ms; %s says %s"
            .formatted(
                key.purpose(),
                millis,
                IndependentVerifier.of(key.scheme()).title(),
                signatures.all() ? "valid" : "INVALID"));
    say("  the signed transaction: " + signatures.transaction().id());
    return signatures.json();
  }

  private void tell(Committee committee, Path folder, boolean once) {
    say("");
    say(
        ok
            ? "Everything verified. No key was ever in one place."
            : "SOMETHING DID NOT VERIFY; see above.");
    say("  result   " + repository.relativize(folder.resolve("result.json")));
    for (var member : committee.members()) {
      say("  log      " + repository.relativize(member.log()));
    }
    if (!once) {
      var first = committee.members().getFirst();
      say("");
      say("The appliances stay up until Ctrl-C. Look at");
      say("  " + first.healthUrl() + "/state     " + first.healthUrl() + "/metrics");
    }
  }

  private static String holders(Shape shape) {
    var parts = new ArrayList<String>();
    for (int party = 1; party <= shape.parties(); party++) {
      parts.add("party-" + party + " " + shape.pointsOf(party));
    }
    return String.join(", ", parts);
  }

  private static long millis(long since) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
  }

  private void write(Path file) {
    try {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void clear(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + folder, e);
    }
  }

  private void say(String line) {
    out.println(line);
  }
}
