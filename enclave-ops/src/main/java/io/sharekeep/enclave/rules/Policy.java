package io.sharekeep.enclave.rules;

import io.sharekeep.intent.AssetId;
import io.sharekeep.intent.ChainId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one party signs and for whom (policy and intents, section 2). A closed vocabulary: whatever
 * it does not allow is denied.
 *
 * @param actors people and services by name
 * @param committees hashes of the committee documents that this party accepts
 * @param roles role → names of people and services, groups resolved
 * @param chains the only ones that anything is signed for
 * @param wallets name → key id, 32 hex digits
 * @param limits all that match are enforced, whatever rule allows
 * @param rules in the order of the document, which matters for those that allow
 */
public record Policy(
    Header header,
    Map<String, Actor> actors,
    Set<String> committees,
    Map<String, Group> groups,
    Map<String, Set<String>> roles,
    Set<ChainId> chains,
    Map<String, String> wallets,
    Map<String, Asset> assets,
    Map<String, ListRule> lists,
    Map<String, Interface> interfaces,
    List<Limit> limits,
    List<Rule> rules,
    Map<ChainId, FeeCeiling> fees,
    Map<String, Requirement> quorums,
    Map<Ceremony, CeremonyRule> ceremonies,
    Change change,
    Optional<WebAuthn> webauthn) {
  public Policy {
    actors = Map.copyOf(actors);
    committees = Set.copyOf(committees);
    groups = Map.copyOf(groups);
    roles = Map.copyOf(roles);
    chains = Set.copyOf(chains);
    wallets = Map.copyOf(wallets);
    assets = Map.copyOf(assets);
    lists = Map.copyOf(lists);
    interfaces = Map.copyOf(interfaces);
    limits = List.copyOf(limits);
    rules = List.copyOf(rules);
    fees = Map.copyOf(fees);
    quorums = Map.copyOf(quorums);
    ceremonies = Map.copyOf(ceremonies);
  }

  /**
   * Which document it is.
   *
   * @param party the party's name in its committees
   * @param previous hash of the version before, 64 hex digits; absent in the first alone
   * @param notBefore it comes into force no earlier
   */
  public record Header(
      String tenant,
      String id,
      String party,
      int version,
      Optional<String> previous,
      Optional<Instant> notBefore) {}

  /**
   * Where passkeys may be used. Their users are verified always.
   *
   * @param rpIds relying parties, such as {@code console.vault.example}
   * @param origins such as {@code https://console.vault.example}
   */
  public record WebAuthn(Set<String> rpIds, Set<String> origins) {
    public WebAuthn {
      rpIds = Set.copyOf(rpIds);
      origins = Set.copyOf(origins);
    }
  }

  /** Some people, each with a weight of at least 1. */
  public record Group(Map<String, Integer> members) {
    public Group {
      members = Map.copyOf(members);
    }
  }

  /**
   * @param decimals how many digits of an amount stand behind the point
   */
  public record Asset(AssetId id, int decimals) {}

  /** How many of whom must agree to a ceremony, and how long it then waits. */
  public record CeremonyRule(Requirement by, java.time.Duration timelock) {}

  /**
   * Who may replace this document.
   *
   * @param timelock between the last signature and the day that a version comes into force
   * @param tightening the same for a version that allows nothing more than this one
   */
  public record Change(
      Requirement approvals, java.time.Duration timelock, java.time.Duration tightening) {}

  /** Who is in that group; nobody is in one that the document does not have. */
  public Set<String> members(String group) {
    var known = groups.get(group);
    return known == null ? Set.of() : known.members().keySet();
  }

  /** Under what it is done: a document that was read names all of them. */
  public CeremonyRule ceremony(Ceremony ceremony) {
    var rule = ceremonies.get(ceremony);
    if (rule == null) {
      throw new IllegalStateException("a policy that was read gives every ceremony");
    }
    return rule;
  }

  /** Whose name that is; empty for strangers. */
  public Set<String> holders(String role) {
    return roles.getOrDefault(role, Set.of());
  }
}
