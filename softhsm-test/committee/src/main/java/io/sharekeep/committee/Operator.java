package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The people of a committee, at their command lines: every command of {@code sharekeep} used. */
public final class Operator {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sharekeep sharekeep;

  Operator(Sharekeep sharekeep) {
    this.sharekeep = sharekeep;
  }

  /** A new person or service, whose keys go to {@code folder}. */
  Identity identity(String name, Path folder) {
    var made = sharekeep.json("identity", "new", name, "--out", folder.toString());
    return new Identity(
        name,
        made.get("publicKey").textValue(),
        folder.resolve(made.get("key").textValue()),
        made.get("tlsPin").textValue(),
        folder.resolve(made.get("tlsKey").textValue()),
        folder.resolve(made.get("certificate").textValue()));
  }

  /** The first half of {@code init}: keys on both tokens, state folder, the party's descriptor. */
  ObjectNode provision(Member member, Identity owner) {
    return (ObjectNode)
        member
            .sharekeep()
            .json(
                "init",
                "--config",
                member.configuration().toString(),
                "--owner",
                owner.publicKey());
  }

  /** The second half: the signed documents. */
  void accept(Member member, List<Path> committees, Path policy) {
    var arguments =
        new java.util.ArrayList<>(List.of("init", "--config", member.configuration().toString()));
    committees.forEach(file -> arguments.addAll(List.of("--committee", file.toString())));
    arguments.addAll(List.of("--policy", policy.toString()));
    member.sharekeep().json(arguments.toArray(String[]::new));
  }

  void signCommittee(Path document, Identity owner) {
    sharekeep.json("committee", "sign", document.toString(), "--key", owner.key().toString());
  }

  void signPolicy(Path document, Identity owner) {
    sharekeep.json("policy", "sign", document.toString(), "--key", owner.key().toString());
  }

  /** The document's hash, once it lacks nobody's signature. */
  String verifyCommittee(Path document) {
    return sharekeep.json("committee", "verify", document.toString()).get("hash").textValue();
  }

  /** The new key's id. */
  String generate(
      Member at,
      Identity administrator,
      String committee,
      String scheme,
      String purpose,
      String label) {
    return sharekeep
        .json(
            client(
                at,
                administrator,
                "key",
                "generate",
                "--committee",
                committee,
                "--scheme",
                scheme,
                "--purpose",
                purpose,
                "--label",
                label,
                "--initiator-key",
                administrator.key().toString()))
        .at("/key/id")
        .textValue();
  }

  JsonNode key(Member at, Identity reader, String id) {
    return sharekeep.json(client(at, reader, "key", "show", id));
  }

  void awaitUsable(Member at, Identity reader, String id) {
    var deadline = Instant.now().plus(PATIENCE);
    while (!key(at, reader, id).path("stage").asText().equals("usable")) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("key " + id + " does not become usable at " + at.name());
      }
    }
  }

  JsonNode sign(Member at, Identity initiator, Key key, Path payload) {
    return sharekeep.json(
        client(
            at,
            initiator,
            "sign",
            "--key",
            key.id(),
            "--committee",
            key.committee(),
            "--purpose",
            key.purpose(),
            "--payload",
            payload.toString(),
            "--initiator-key",
            initiator.key().toString()));
  }

  private static String[] client(Member at, Identity identity, String... command) {
    var all = new java.util.ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "--url",
            at.clientUrl(),
            "--server-pin",
            at.name(),
            "--tls-key",
            identity.tlsKey().toString(),
            "--tls-certificate",
            identity.certificate().toString()));
    return all.toArray(String[]::new);
  }
}
