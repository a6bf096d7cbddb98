package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The treasury's people and its service at their command lines: what they type. */
final class TreasuryPeople {
  private final Sharekeep sharekeep = new InThisJvm();
  private final Committee committee;
  private final Member desk;
  private final Path document;
  private final Path folder;
  private final Map<String, Identity> identities = new TreeMap<>();

  /** What the service asks for: the same words bring the same request again. */
  record Asked(Key key, Path payload, String requestId, Instant notAfter) {}

  /**
   * @param shape whose committee document names the appliances' keys
   * @param folder for what they write
   */
  TreasuryPeople(Committee committee, Shape shape, Path folder) {
    this.committee = committee;
    this.desk = committee.members().getFirst();
    this.document = committee.document(shape);
    this.folder = folder;
    var operator = new Operator(sharekeep);
    var names = new ArrayList<>(TreasuryPolicy.PEOPLE);
    names.addAll(List.of(TreasuryPolicy.SERVICE, TreasuryPolicy.SANCTIONS));
    names.forEach(name -> identities.put(name, operator.identity(name, folder)));
  }

  Map<String, Identity> identities() {
    return Map.copyOf(identities);
  }

  /** Signs a document with each of those keys and brings it to an appliance. */
  void submit(ObjectNode document, String name, List<Path> keys, Member to, Identity as) {
    var file = folder.resolve(name + ".json");
    write(file, document.toPrettyString().getBytes(UTF_8));
    keys.forEach(
        key -> sharekeep.json("policy", "sign", file.toString(), "--owner-key", key.toString()));
    var arguments = new ArrayList<>(List.of("policy", "submit", file.toString()));
    arguments.addAll(at(to, as));
    sharekeep.json(arguments.toArray(String[]::new));
  }

  /** As {@link #submit}, to every appliance, by people of the policy. */
  void submitList(ObjectNode list, List<String> signers) {
    var keys = signers.stream().map(name -> identity(name).key()).toList();
    for (var member : committee.members()) {
      submit(list, list.get("name").textValue(), keys, member, identity("alice"));
    }
  }

  /** Writes down what is to be asked. */
  Asked order(Key key, byte[] payload) {
    var id = UUID.randomUUID().toString();
    var file = folder.resolve(id + ".bin");
    write(file, payload);
    return new Asked(
        key, file, id, Instant.now().plus(Duration.ofHours(4)).truncatedTo(ChronoUnit.SECONDS));
  }

  /** The service asks, or asks again for the same. */
  Sharekeep.Result ask(Asked asked) {
    return new Operator(sharekeep)
        .trySign(
            desk,
            identity(TreasuryPolicy.SERVICE),
            document,
            asked.key().id(),
            asked.key().purpose(),
            asked.payload(),
            "--request-id",
            asked.requestId(),
            "--not-after",
            asked.notAfter().toString());
  }

  /**
   * One of the people approves what they have read on their own machine. Whoever is the last that
   * was needed sees it signed.
   */
  Sharekeep.Result approve(Asked asked, String person) {
    var who = identity(person);
    var arguments =
        new ArrayList<>(
            List.of(
                "request",
                "approve",
                asked.requestId(),
                "--as",
                person,
                "--key",
                who.key().toString()));
    arguments.addAll(at(desk, who));
    arguments.addAll(List.of("-o", "json"));
    return sharekeep.run(arguments);
  }

  /** The last record of what the appliance that was asked has decided. */
  JsonNode record(Asked asked) {
    var arguments = new ArrayList<>(List.of("request", "show", asked.requestId()));
    arguments.addAll(at(desk, identity("alice")));
    var decisions = sharekeep.json(arguments.toArray(String[]::new)).get("decisions");
    return decisions.get(decisions.size() - 1);
  }

  private List<String> at(Member member, Identity as) {
    return List.of(
        "--url",
        member.clientUrl(),
        "--committee",
        document.toString(),
        "--identity",
        as.prefix().toString());
  }

  private Identity identity(String name) {
    var identity = identities.get(name);
    if (identity == null) {
      throw new IllegalArgumentException("nobody is " + name);
    }
    return identity;
  }

  /** The hash of a signed document. */
  String hash(Path file) {
    return sharekeep.json("policy", "verify", file.toString()).get("hash").textValue();
  }

  /** The answer of a command that had to succeed. */
  static JsonNode json(Sharekeep.Result result) {
    try {
      return new ObjectMapper().readTree(result.out());
    } catch (IOException e) {
      throw new UncheckedIOException("an answer is not JSON", e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
