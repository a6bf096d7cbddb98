package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The people of a committee at their command lines: what they type, and what they read. On an
 * appliance's host they use its own command, which sees its tokens.
 */
public final class Operator {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String TENANT = "demo";

  /** The name of every party's policy. */
  static final String POLICY = "main";

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
        made.get("tlsPin").textValue(),
        folder.resolve(name));
  }

  /** The first half of {@code init}: keys on both tokens, state folder; the party's description. */
  ObjectNode provision(Member member, Identity owner) {
    return (ObjectNode)
        member
            .sharekeep()
            .json(
                "init",
                "--config",
                member.configuration().toString(),
                "--owner",
                owner.description().toString(),
                "--name",
                member.name(),
                "--id",
                String.valueOf(member.party()),
                "--url",
                member.peerUrl());
  }

  /** The second half: the signed documents. */
  void accept(Member member, List<Path> committees, Path policy) {
    var arguments = new ArrayList<>(List.of("init", "--config", member.configuration().toString()));
    committees.forEach(file -> arguments.addAll(List.of("--committee", file.toString())));
    arguments.addAll(List.of("--policy", policy.toString()));
    member.sharekeep().json(arguments.toArray(String[]::new));
  }

  /**
   * @param descriptions what {@code init} printed for each party, with the points of this shape
   */
  void draftCommittee(Shape shape, List<Path> descriptions, Path out) {
    var arguments =
        new ArrayList<>(
            List.of(
                "committee",
                "draft",
                "--tenant",
                TENANT,
                "--id",
                shape.id(),
                "--threshold",
                String.valueOf(shape.threshold()),
                "--network",
                "testnet",
                "--out",
                out.toString()));
    descriptions.forEach(file -> arguments.addAll(List.of("--party", file.toString())));
    sharekeep.json(arguments.toArray(String[]::new));
  }

  void signCommittee(Path document, Identity owner) {
    sharekeep.json("committee", "sign", document.toString(), "--key", owner.key().toString());
  }

  /** The document's hash, once it lacks nobody's signature. */
  String verifyCommittee(Path document) {
    return sharekeep.json("committee", "verify", document.toString()).get("hash").textValue();
  }

  /** One administrator, and one service that may ask for every key and purpose. */
  void draftPolicy(
      Member member, Identity administrator, Identity service, List<Path> committees, Path out) {
    var arguments =
        new ArrayList<>(
            List.of(
                "policy",
                "draft",
                "--tenant",
                TENANT,
                "--id",
                POLICY,
                "--party",
                member.name(),
                "--person",
                administrator.description().toString(),
                "--service",
                service.description().toString(),
                "--grant",
                "administrator=" + administrator.name(),
                "--grant",
                "initiator=" + service.name(),
                "--purpose",
                "btc.tx",
                "--purpose",
                "sol.tx",
                "--purpose",
                "evm.tx",
                "--out",
                out.toString()));
    committees.forEach(file -> arguments.addAll(List.of("--committee", file.toString())));
    sharekeep.json(arguments.toArray(String[]::new));
  }

  void signPolicy(Path document, Identity owner) {
    sharekeep.json("policy", "sign", document.toString(), "--key", owner.key().toString());
  }

  /** The new key, as the party that was asked describes it. */
  JsonNode generate(
      Member at,
      Identity administrator,
      Path committee,
      String scheme,
      String purpose,
      String label) {
    return sharekeep
        .json(
            generation(at, administrator, committee, scheme, purpose, label).toArray(String[]::new))
        .get("key");
  }

  /** Tries to make a key of that id, however it ends. */
  Sharekeep.Result tryGenerate(
      Member at,
      Identity administrator,
      Path committee,
      String scheme,
      String purpose,
      String keyId) {
    var arguments = generation(at, administrator, committee, scheme, purpose, keyId);
    arguments.addAll(List.of("--key-id", keyId, "-o", "json"));
    return sharekeep.run(arguments);
  }

  private static List<String> generation(
      Member at,
      Identity administrator,
      Path committee,
      String scheme,
      String purpose,
      String label) {
    return new ArrayList<>(
        List.of(
            "key",
            "generate",
            "--url",
            at.clientUrl(),
            "--committee",
            committee.toString(),
            "--identity",
            administrator.prefix().toString(),
            "--scheme",
            scheme,
            "--purpose",
            purpose,
            "--label",
            label));
  }

  /** A key as a party describes it. */
  public JsonNode key(Member at, Identity reader, Path committee, String id) {
    return sharekeep.json(showing(at, reader, committee, id).toArray(String[]::new));
  }

  /** Asks a party for a key that it may not have. */
  Sharekeep.Result tryKey(Member at, Identity reader, Path committee, String id) {
    var arguments = showing(at, reader, committee, id);
    arguments.addAll(List.of("-o", "json"));
    return sharekeep.run(arguments);
  }

  private static List<String> showing(Member at, Identity reader, Path committee, String id) {
    return new ArrayList<>(
        List.of(
            "key",
            "show",
            id,
            "--url",
            at.clientUrl(),
            "--committee",
            committee.toString(),
            "--identity",
            reader.prefix().toString()));
  }

  /** Waits until a party says that all parties hold the key; its description then. */
  JsonNode awaitUsable(Member at, Identity reader, Path committee, String id) {
    var deadline = Instant.now().plus(PATIENCE);
    while (true) {
      var shown = key(at, reader, committee, id);
      if (shown.path("stage").asText().equals("usable")) {
        return shown;
      }
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException("key " + id + " does not become usable at " + at.name());
      }
    }
  }

  JsonNode sign(Member at, Identity initiator, Path committee, Key key, Path payload) {
    return sharekeep.json(
        signing(at, initiator, committee, key.id(), key.purpose(), payload).toArray(String[]::new));
  }

  /** Tries to have a payload signed, however it ends. */
  Sharekeep.Result trySign(
      Member at,
      Identity initiator,
      Path committee,
      String keyId,
      String purpose,
      Path payload,
      String... more) {
    var arguments = signing(at, initiator, committee, keyId, purpose, payload);
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-o", "json"));
    return sharekeep.run(arguments);
  }

  private static List<String> signing(
      Member at, Identity initiator, Path committee, String keyId, String purpose, Path payload) {
    return new ArrayList<>(
        List.of(
            "sign",
            "--url",
            at.clientUrl(),
            "--committee",
            committee.toString(),
            "--identity",
            initiator.prefix().toString(),
            "--key",
            keyId,
            "--purpose",
            purpose,
            "--payload",
            payload.toString(),
            "--payload-format",
            "binary"));
  }
}
