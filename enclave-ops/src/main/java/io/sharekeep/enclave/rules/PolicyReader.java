package io.sharekeep.enclave.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.JsonFields;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.Bytes;
import io.sharekeep.intent.ChainId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads a policy document. Nothing in it is guessed, defaulted to more, or skipped. */
public final class PolicyReader {
  /** The value of the field {@code apiVersion}. */
  public static final String API_VERSION = "sharekeep.policy/v1";

  /** The value of the field {@code kind}. */
  public static final String KIND = "Policy";

  /** Who may do what; the same words as connections have. */
  static final Set<String> ROLES =
      Set.of("administrator", "operator", "initiator", "approver", "auditor", "metrics", "backup");

  private static final Set<String> SERVICE_ROLES = Set.of("initiator", "metrics");
  private static final int MAX_ACTORS = 1024;
  private static final int MAX_RULES = 4096;
  private static final int MAX_WEIGHT = 64;
  private static final Pattern ORIGIN = Pattern.compile("https://[a-z0-9.-]+(?::[0-9]{1,5})?");
  private static final Pattern SELECTOR = Pattern.compile("0x[0-9a-f]{8}");

  private final Map<String, Actor> actors = new TreeMap<>();
  private final Map<String, Policy.Group> groups = new TreeMap<>();
  private final Map<String, Policy.Asset> assets = new TreeMap<>();
  private final Map<String, String> wallets = new TreeMap<>();
  private final Map<String, ListRule> lists = new TreeMap<>();
  private final Map<String, Interface> interfaces = new TreeMap<>();
  private final Map<String, Requirement> quorums = new TreeMap<>();
  private final Set<ChainId> chains = new LinkedHashSet<>();

  private PolicyReader() {}

  /**
   * Reads and checks.
   *
   * @throws MalformedJson naming the field and what is wrong with it
   */
  public static Policy read(ObjectNode json) {
    return JsonFields.read(json, "", fields -> new PolicyReader().policy(fields));
  }

  private Policy policy(JsonFields fields) {
    fields.text("apiVersion", 64, Pattern.compile(Pattern.quote(API_VERSION)), API_VERSION);
    fields.text("kind", 16, Pattern.compile(KIND), KIND);
    var header = fields.object("metadata", PolicyReader::header);
    actors(fields);
    fields
        .objects("groups", 256, this::group)
        .forEach((name, group) -> {
          named(fields.at("groups") + "." + name, name);
          if (actors.containsKey(name)) {
            throw Terms.wrong(
                fields.at("groups") + "." + name, "is the name of a person or service too");
          }
          groups.put(name, group);
        });
    var roles = fields.object("roles", this::roles);
    for (var chain : fields.textList("chains", 64, 64)) {
      chains.add(Terms.chain(fields.at("chains"), chain));
    }
    var committees = committees(fields);
    assets(fields);
    wallets(fields);
    fields.objects("quorums", 64, this::requirement).forEach(quorums::put);
    fields
        .objects("lists", 64, this::list)
        .forEach((name, list) -> {
          named(fields.at("lists") + "." + name, name);
          lists.put(name, list);
        });
    interfaces.putAll(fields.objects("interfaces", 256, PolicyReader::contract));
    var matches = new MatchReader(this);
    var limits = new ArrayList<Limit>();
    fields.objectList("limits", 256, matches::limit).forEach(limits::add);
    var rules = fields.objectList("rules", MAX_RULES, matches::rule);
    distinct(fields.at("limits"), limits.stream().map(Limit::id).toList());
    distinct(fields.at("rules"), rules.stream().map(Rule::id).toList());
    var ceremonies = fields.object("ceremonies", this::ceremonies);
    var change = fields.object("change", this::change);
    return new Policy(
        header,
        actors,
        committees,
        groups,
        roles,
        chains,
        wallets,
        assets,
        lists,
        interfaces,
        limits,
        rules,
        fees(fields),
        quorums,
        ceremonies,
        change,
        fields.optionalObject("webauthn", PolicyReader::webauthn));
  }

  private static Policy.WebAuthn webauthn(JsonFields fields) {
    fields.text("userVerification", 8, Pattern.compile("required"), "required");
    var rpIds = fields.oneOrMore("rpIds", 16, 253);
    var origins = fields.oneOrMore("origins", 16, 260);
    for (var origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw Terms.wrong(fields.at("origins"), "must hold origins such as https://host:port");
      }
    }
    return new Policy.WebAuthn(Set.copyOf(rpIds), Set.copyOf(origins));
  }

  private static Policy.Header header(JsonFields fields) {
    int version = fields.integer("version", 1, Integer.MAX_VALUE);
    Optional<String> previous =
        fields.has("previous") ? Optional.of(Terms.sha256(fields, "previous")) : Optional.empty();
    if (version > 1 != previous.isPresent()) {
      throw Terms.wrong(
          fields.at("previous"),
          "is the hash of the version before: it belongs in every version but the first");
    }
    return new Policy.Header(
        Terms.name(fields, "tenant"),
        Terms.name(fields, "id"),
        Terms.name(fields, "party"),
        version,
        previous,
        fields.has("notBefore") ? Optional.of(fields.instant("notBefore")) : Optional.empty());
  }

  private void actors(JsonFields fields) {
    var keys = new HashSet<String>();
    var pins = new HashSet<String>();
    for (var section : List.of("people", "services")) {
      fields
          .objects(section, MAX_ACTORS, f -> actor(f, section.equals("services")))
          .forEach((name, actor) -> {
            var path = fields.at(section) + "." + name;
            named(path, name);
            if (actors.put(name, actor) != null) {
              throw Terms.wrong(path, "is both a person and a service");
            }
            if (!actor.keys().stream().allMatch(key -> keys.add(key.spki()))) {
              throw Terms.wrong(path, "has a key that belongs to somebody else too");
            }
            if (!actor.tls().stream().allMatch(pins::add)) {
              throw Terms.wrong(path, "has a tls pin that belongs to somebody else too");
            }
          });
    }
  }

  private static Actor actor(JsonFields fields, boolean service) {
    var keys = fields.objectList("keys", 16, key -> key(key, service));
    var pins = fields.textList("tls", 16, 64);
    if (!pins.stream().allMatch(pin -> pin.matches("[0-9a-f]{64}"))) {
      throw Terms.wrong(
          fields.at("tls"), "must hold SHA-256 hashes of public keys: 64 hex digits each");
    }
    return new Actor(service, keys, Set.copyOf(pins));
  }

  private static Actor.Key key(JsonFields fields, boolean service) {
    var label = fields.text("algorithm", 16);
    var spki = fields.text("key", 256);
    for (var form : Actor.Form.values()) {
      if (form.label().equals(label)) {
        boolean passkey = form == Actor.Form.WEBAUTHN_EDDSA || form == Actor.Form.WEBAUTHN_ES256;
        if (passkey && service) {
          throw Terms.wrong(fields.at("algorithm"), "is a passkey's: services have none");
        }
        var algorithm =
            form == Actor.Form.ED25519 || form == Actor.Form.WEBAUTHN_EDDSA
                ? KeyAlgorithm.ED25519
                : KeyAlgorithm.P256;
        if (SignatureKeys.decode(algorithm, fields.hex("key", 40, 128)).isEmpty()) {
          throw Terms.wrong(
              fields.at("key"), "must be the hex SubjectPublicKeyInfo of a key for " + label);
        }
        return new Actor.Key(form, spki);
      }
    }
    throw Terms.wrong(
        fields.at("algorithm"), "must be ed25519, p256, webauthn-es256 or webauthn-eddsa");
  }

  private Policy.Group group(JsonFields fields) {
    var members =
        fields.map(
            "members",
            256,
            (node, path) -> {
              if (!node.isInt() || node.intValue() < 1 || node.intValue() > MAX_WEIGHT) {
                throw Terms.wrong(path, "must be a weight from 1 to " + MAX_WEIGHT);
              }
              return node.intValue();
            });
    if (members.isEmpty()) {
      throw Terms.wrong(fields.at("members"), "names nobody");
    }
    for (var member : members.keySet()) {
      var actor = actors.get(member);
      if (actor == null || actor.service()) {
        throw Terms.wrong(
            fields.at("members") + "." + member,
            actor == null ? "is nobody that people names" : "is a service: groups hold people");
      }
    }
    return new Policy.Group(members);
  }

  private Map<String, Set<String>> roles(JsonFields fields) {
    var roles = new TreeMap<String, Set<String>>();
    for (var role : ROLES) {
      roles.put(role, people(fields, role));
      for (var holder : roles.getOrDefault(role, Set.of())) {
        if (actor(holder).service() && !SERVICE_ROLES.contains(role)) {
          throw Terms.wrong(
              fields.at(role),
              "names the service " + holder + ", which may initiate or read metrics only");
        }
      }
    }
    return roles;
  }

  private Actor actor(String name) {
    var actor = actors.get(name);
    if (actor == null) {
      throw new IllegalArgumentException("nobody is called " + name);
    }
    return actor;
  }

  /** Names of people, services and groups, with groups resolved. */
  Set<String> people(JsonFields fields, String field) {
    var result = new LinkedHashSet<String>();
    for (var name : fields.oneOrMore(field, MAX_ACTORS, 64)) {
      var group = groups.get(name);
      if (group != null) {
        result.addAll(group.members().keySet());
      } else if (actors.containsKey(name)) {
        result.add(name);
      } else {
        throw Terms.wrong(
            fields.at(field), "names " + name + ", who is no person, service or group here");
      }
    }
    return result;
  }

  private static Set<String> committees(JsonFields fields) {
    var committees = fields.textList("committees", 64, 64);
    if (!committees.stream().allMatch(hash -> hash.matches("[0-9a-f]{64}"))) {
      throw Terms.wrong(
          fields.at("committees"), "must hold hashes of committee documents: 64 hex digits each");
    }
    return Set.copyOf(committees);
  }

  private void assets(JsonFields fields) {
    var seen = new HashMap<AssetId, String>();
    fields
        .objects(
            "assets",
            4096,
            f ->
                new Policy.Asset(
                    Terms.asset(f.at("id"), f.text("id", 200)), f.integer("decimals", 0, 77)))
        .forEach((name, asset) -> {
          var path = fields.at("assets") + "." + name;
          named(path, name);
          if (seen.put(asset.id(), name) != null) {
            throw Terms.wrong(path, "is an asset that has another name too");
          }
          if (!chains.contains(asset.id().chain())) {
            throw Terms.wrong(path + ".id", "is on a chain that chains does not name");
          }
          assets.put(name, asset);
        });
  }

  private void wallets(JsonFields fields) {
    fields
        .texts("wallets", 4096, 32)
        .forEach((name, key) -> {
          var path = fields.at("wallets") + "." + name;
          named(path, name);
          if (!Terms.isKeyId(key)) {
            throw Terms.wrong(path, "must be a key id: 32 lower-case hex digits");
          }
          wallets.put(name, key);
        });
  }

  /** Approvals of a rule, a quorum or a change. */
  Requirement requirement(JsonFields fields) {
    var clauses =
        fields.objectList(
            "allOf",
            8,
            f -> {
              var group = Terms.name(f, "group");
              if (!groups.containsKey(group)) {
                throw Terms.wrong(f.at("group"), "names a group that is not here: " + group);
              }
              int distinct = f.optionalInteger("distinct", 1, 32).orElse(1);
              return new Requirement.Clause(
                  group, f.optionalInteger("weight", 1, MAX_WEIGHT).orElse(distinct), distinct);
            });
    if (clauses.isEmpty()) {
      throw Terms.wrong(fields.at("allOf"), "asks for nobody");
    }
    return new Requirement(
        clauses,
        fields.flag("excludeInitiator", true),
        fields.flag("disjoint", true),
        Terms.optionalDuration(fields, "within"));
  }

  private ListRule list(JsonFields fields) {
    var type = fields.text("type", 16);
    return switch (type) {
      case "destinations" ->
          new ListRule.Destinations(
              Terms.optionalDuration(fields, "coolOff").orElse(Duration.ZERO),
              fields.object("change", this::requirement));
      case "screening" ->
          new ListRule.Screening(
              Terms.duration(fields, "maxAge"),
              fields.object(
                  "change",
                  f -> {
                    var keys = f.objectList("signedBy", 16, key -> key(key, true));
                    if (keys.isEmpty()) {
                      throw Terms.wrong(f.at("signedBy"), "names no key");
                    }
                    return keys;
                  }));
      default -> throw Terms.wrong(fields.at("type"), "must be destinations or screening");
    };
  }

  private static Interface contract(JsonFields fields) {
    return new Interface(
        fields.objects(
            "methods",
            256,
            f ->
                new Interface.Method(
                    Bytes.ofHex(
                        f.text("selector", 10, SELECTOR, "a selector: 0x and 8 hex digits")
                            .substring(2)),
                    f.objectList("arguments", 32, PolicyReader::argument))));
  }

  private static Interface.Argument argument(JsonFields fields) {
    var name = fields.text("name", 64);
    var label = fields.text("type", 16);
    for (var type : Interface.Type.values()) {
      if (type.label().equals(label)) {
        return new Interface.Argument(name, type);
      }
    }
    throw Terms.wrong(fields.at("type"), "must be uint256, address, bool or bytes32");
  }

  private Map<ChainId, FeeCeiling> fees(JsonFields fields) {
    var fees = new HashMap<ChainId, FeeCeiling>();
    fields
        .objects("fees", 64, PolicyReader::ceiling)
        .forEach((name, ceiling) -> {
          var path = fields.at("fees") + "." + name;
          var chain = Terms.chain(path, name);
          if (!chains.contains(chain)) {
            throw Terms.wrong(path, "is a chain that chains does not name");
          }
          fees.put(chain, ceiling);
        });
    return fees;
  }

  private static FeeCeiling ceiling(JsonFields fields) {
    BigInteger most = Terms.whole(fields.at("max"), fields.text("max", 80));
    Optional<BigDecimal> share =
        fields.has("maxShare") ? Optional.of(Terms.share(fields, "maxShare")) : Optional.empty();
    return new FeeCeiling(most, share);
  }

  private Map<Ceremony, Policy.CeremonyRule> ceremonies(JsonFields fields) {
    var ceremonies = new EnumMap<Ceremony, Policy.CeremonyRule>(Ceremony.class);
    for (var ceremony : Ceremony.values()) {
      ceremonies.put(ceremony, fields.object(ceremony.label(), this::ceremony));
    }
    return ceremonies;
  }

  private Policy.CeremonyRule ceremony(JsonFields fields) {
    var by = fields.text("by", 64);
    var quorum = quorums.get(by);
    if (quorum == null) {
      throw Terms.wrong(fields.at("by"), "names a quorum that is not here: " + by);
    }
    return new Policy.CeremonyRule(
        quorum, Terms.optionalDuration(fields, "timelock").orElse(Duration.ZERO));
  }

  private Policy.Change change(JsonFields fields) {
    return new Policy.Change(
        fields.object("approvals", this::requirement),
        Terms.duration(fields, "timelock"),
        Terms.duration(fields, "timelockTightening"));
  }

  static void named(String path, String name) {
    if (!Terms.NAME.matcher(name).matches()) {
      throw new MalformedJson(path, path + ": a name is made of " + Terms.NAMES);
    }
  }

  private static void distinct(String path, List<String> ids) {
    var places = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < ids.size(); i++) {
      var before = places.put(ids.get(i), i);
      if (before != null) {
        throw Terms.wrong(
            path + "[" + i + "].id",
            String.format(Locale.ROOT, "is that of %s[%d] too: %s", path, before, ids.get(i)));
      }
    }
  }

  Map<String, Policy.Asset> assets() {
    return assets;
  }

  Map<String, String> wallets() {
    return wallets;
  }

  Map<String, ListRule> lists() {
    return lists;
  }

  Map<String, Interface> interfaces() {
    return interfaces;
  }

  Set<ChainId> chains() {
    return chains;
  }
}
