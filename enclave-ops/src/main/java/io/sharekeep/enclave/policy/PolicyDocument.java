package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The policy of one party, signed by its owner: who is who, and a closed list of what is allowed.
 * What the list does not name is denied.
 *
 * @param party the party's name in its committees
 * @param actors people and services by name
 * @param committees hashes of the committee documents that this party accepts
 */
public record PolicyDocument(
    String tenant,
    String id,
    String party,
    int version,
    Optional<String> previous,
    Map<String, Actor> actors,
    Set<String> committees,
    Map<Role, Set<String>> roles,
    List<Allow> allow)
    implements PartyPolicy {
  private static final int MAX_ACTORS = 1024;
  private static final int MAX_KEYS = 16;
  private static final int MAX_RULES = 1024;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Stands for every key in a rule. */
  public static final String ANY_KEY = "*";

  /**
   * A person or a service. One human is one entry with many keys.
   *
   * @param service services may initiate and never approve or administer
   * @param tls hex SHA-256 pins of client certificates' keys
   */
  public record Actor(boolean service, List<ActorKey> keys, Set<String> tls) {}

  /** A key that an actor signs with. */
  public record ActorKey(KeyAlgorithm algorithm, byte[] spki) {}

  /**
   * One line of the list.
   *
   * @param keys key ids, or {@link #ANY_KEY}
   */
  public record Allow(String id, Set<String> initiators, Set<String> keys, Set<String> purposes) {}

  /**
   * Reads and checks.
   *
   * @throws MalformedJson naming what is wrong
   */
  public static PolicyDocument read(byte[] json) {
    var policy =
        JsonFields.read(
            StrictJson.object(json),
            "",
            fields -> {
              fields.text("apiVersion", 64);
              var actors = new TreeMap<String, Actor>();
              fields.objects("people", MAX_ACTORS, f -> actor(f, false)).forEach(actors::put);
              fields
                  .objects("services", MAX_ACTORS, f -> actor(f, true))
                  .forEach((name, actor) -> {
                    if (actors.put(name, actor) != null) {
                      throw new MalformedJson(name + " is both a person and a service");
                    }
                  });
              return new PolicyDocument(
                  fields.text("tenant", 32, NAME, "lower-case letters, digits, dots and dashes"),
                  fields.text("id", 64, NAME, "lower-case letters, digits, dots and dashes"),
                  fields.text("party", 32, NAME, "a party's name"),
                  fields.integer("version", 1, Integer.MAX_VALUE),
                  fields.optionalText("previous", 64),
                  actors,
                  Set.copyOf(fields.textList("committees", 64, 64)),
                  fields.object("roles", PolicyDocument::roles),
                  fields.objectList("allow", MAX_RULES, PolicyDocument::allow));
            });
    policy.check();
    return policy;
  }

  private static Actor actor(JsonFields fields, boolean service) {
    var keys =
        fields.objectList(
            "keys",
            MAX_KEYS,
            key -> {
              String label = key.text("algorithm", 16);
              byte[] spki = key.hex("key", 40, 128);
              for (var algorithm : KeyAlgorithm.values()) {
                if (algorithm.label().equals(label)
                    && SignatureKeys.decode(algorithm, spki).isPresent()) {
                  return new ActorKey(algorithm, spki);
                }
              }
              throw new MalformedJson(
                  "a key must be an ed25519 or p256 SubjectPublicKeyInfo in hex");
            });
    return new Actor(service, keys, Set.copyOf(pins(fields)));
  }

  private static List<String> pins(JsonFields fields) {
    var pins = fields.textList("tls", MAX_KEYS, 64);
    if (!pins.stream().allMatch(pin -> SHA256.matcher(pin).matches())) {
      throw new MalformedJson("a tls pin is the SHA-256 of a public key: 64 hex digits");
    }
    return pins;
  }

  private static Map<Role, Set<String>> roles(JsonFields fields) {
    var roles = new EnumMap<Role, Set<String>>(Role.class);
    for (var role : Role.values()) {
      roles.put(
          role, Set.copyOf(fields.textList(role.name().toLowerCase(Locale.ROOT), MAX_ACTORS, 64)));
    }
    return roles;
  }

  private static Allow allow(JsonFields fields) {
    return new Allow(
        fields.text("id", 64, NAME, "lower-case letters, digits, dots and dashes"),
        Set.copyOf(fields.textList("initiator", MAX_ACTORS, 64)),
        Set.copyOf(fields.textList("keys", 4096, 64)),
        Set.copyOf(fields.textList("purposes", 16, 32)));
  }

  private void check() {
    if (version > 1 != previous.isPresent()) {
      throw new MalformedJson(
          "previous, the hash of the version before, belongs in every version but the first");
    }
    var keys = new HashSet<String>();
    var pins = new HashSet<String>();
    actors.forEach((name, actor) -> {
      for (var key : actor.keys()) {
        if (!keys.add(HexFormat.of().formatHex(key.spki()))) {
          throw new MalformedJson("a key of " + name + " belongs to another actor too");
        }
      }
      for (var pin : actor.tls()) {
        if (!pins.add(pin)) {
          throw new MalformedJson("a tls pin of " + name + " belongs to another actor too");
        }
      }
    });
    roles.forEach((role, names) ->
        names.forEach(name -> {
          var actor = known(name);
          if (actor.service() && role != Role.INITIATOR && role != Role.METRICS) {
            throw new MalformedJson("service " + name + " may only initiate or read metrics");
          }
        }));
    var ids = new HashSet<String>();
    for (var rule : allow) {
      if (!ids.add(rule.id())) {
        throw new MalformedJson("two rules are called " + rule.id());
      }
      rule.initiators().forEach(this::known);
      if (!holders(Role.INITIATOR).containsAll(rule.initiators())) {
        throw new MalformedJson(
            "rule " + rule.id() + " names an initiator without the role initiator");
      }
    }
  }

  private Actor known(String name) {
    var actor = actors.get(name);
    if (actor == null) {
      throw new MalformedJson("nobody here is called " + name);
    }
    return actor;
  }

  public Set<String> holders(Role role) {
    return roles.getOrDefault(role, Set.of());
  }

  @Override
  public Optional<String> ownerOf(KeyAlgorithm algorithm, byte[] spki) {
    return actors.entrySet().stream()
        .filter(actor ->
            actor.getValue().keys().stream()
                .anyMatch(key -> key.algorithm() == algorithm && Arrays.equals(key.spki(), spki)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public Optional<String> ownerOfPin(String pin) {
    return actors.entrySet().stream()
        .filter(actor -> actor.getValue().tls().contains(pin))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public Set<Role> rolesOf(String name) {
    var result = new HashSet<Role>();
    roles.forEach((role, names) -> {
      if (names.contains(name)) {
        result.add(role);
      }
    });
    return result;
  }
}
