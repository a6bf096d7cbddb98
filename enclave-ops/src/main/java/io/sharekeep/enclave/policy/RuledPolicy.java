package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Actor;
import io.sharekeep.enclave.rules.Evaluator;
import io.sharekeep.enclave.rules.ListRule;
import io.sharekeep.enclave.rules.Listing;
import io.sharekeep.enclave.rules.Policy;
import io.sharekeep.enclave.rules.PolicyReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A policy of typed rules, under the hash that its signers signed. */
public final class RuledPolicy implements PartyPolicy {
  private final Policy rules;
  private final String hash;
  private final Map<String, KeyOwner> keys = new HashMap<>();
  private final Map<String, String> pins = new HashMap<>();

  private record KeyOwner(String name, Actor.Form form) {}

  /**
   * @param hash hex SHA-256 of the document
   */
  public RuledPolicy(Policy rules, String hash) {
    this.rules = rules;
    this.hash = hash;
    rules
        .actors()
        .forEach((name, actor) -> {
          actor.keys().forEach(key -> keys.put(key.spki(), new KeyOwner(name, key.form())));
          actor.tls().forEach(pin -> pins.put(pin, name));
        });
  }

  /** Of a document that holds one. */
  public static RuledPolicy of(DocumentFile file) {
    return new RuledPolicy(PolicyReader.read(StrictJson.object(file.canonical())), file.hash());
  }

  public Policy rules() {
    return rules;
  }

  /** Hex SHA-256 of the document. */
  public String hash() {
    return hash;
  }

  @Override
  public String tenant() {
    return rules.header().tenant();
  }

  @Override
  public String id() {
    return rules.header().id();
  }

  @Override
  public String party() {
    return rules.header().party();
  }

  @Override
  public int version() {
    return rules.header().version();
  }

  @Override
  public Set<String> committees() {
    return rules.committees();
  }

  /** A passkey signs what its authenticator makes up around a challenge, so never a request. */
  @Override
  public Optional<String> ownerOf(KeyAlgorithm algorithm, byte[] spki) {
    var form =
        switch (algorithm) {
          case ED25519 -> Actor.Form.ED25519;
          case P256 -> Actor.Form.P256;
        };
    return ownerOf(form, HexFormat.of().formatHex(spki));
  }

  /** Whose key that is, if it signs in that form. */
  Optional<String> ownerOf(Actor.Form form, String spki) {
    return Optional.ofNullable(keys.get(spki))
        .filter(owner -> owner.form() == form)
        .map(KeyOwner::name);
  }

  /** People whose signature that document bears, under keys that this policy gives them. */
  public Set<String> signers(DocumentFile file) {
    var signers = new TreeSet<String>();
    rules
        .actors()
        .forEach((name, actor) -> {
          if (!actor.service() && actor.keys().stream().anyMatch(key -> bears(file, key))) {
            signers.add(name);
          }
        });
    return signers;
  }

  private static boolean bears(DocumentFile file, Actor.Key key) {
    return (key.form() == Actor.Form.ED25519 || key.form() == Actor.Form.P256)
        && file.signedBy(HexFormat.of().parseHex(key.spki()));
  }

  /** Why that list is not one of this policy's, signed by whom it names; empty if it is. */
  public List<String> objections(DocumentFile file, Listing listing) {
    var rule = rules.lists().get(listing.name());
    if (rule == null || !listing.tenant().equals(tenant())) {
      return List.of("the policy names no list " + listing.name() + " of " + listing.tenant());
    }
    return switch (rule) {
      case ListRule.Destinations destinations ->
          listing.type() == Listing.Type.DESTINATIONS
              ? new Evaluator(rules, Map.of()).missing(destinations.change(), signers(file), "")
              : List.of("the policy calls " + listing.name() + " a list of destinations");
      case ListRule.Screening screening ->
          listing.type() != Listing.Type.SCREENING
              ? List.of("the policy calls " + listing.name() + " a screening list")
              : screening.signers().stream().anyMatch(key -> bears(file, key))
                  ? List.of()
                  : List.of("none of the keys that the policy names has signed it");
    };
  }

  @Override
  public Optional<String> ownerOfPin(String pin) {
    return Optional.ofNullable(pins.get(pin));
  }

  @Override
  public Set<Role> rolesOf(String name) {
    var roles = EnumSet.noneOf(Role.class);
    Arrays.stream(Role.values())
        .filter(role -> rules.holders(role.name().toLowerCase(Locale.ROOT)).contains(name))
        .forEach(roles::add);
    return roles;
  }
}
