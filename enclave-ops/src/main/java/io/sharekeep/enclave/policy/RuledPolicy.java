package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.SignedRequest.KeyAlgorithm;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Actor;
import io.sharekeep.enclave.rules.Policy;
import io.sharekeep.enclave.rules.PolicyReader;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
