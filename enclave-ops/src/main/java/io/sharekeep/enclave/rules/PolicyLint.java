package io.sharekeep.enclave.rules;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a policy that reads well may still have wrong, or may mean otherwise than its author. */
public final class PolicyLint {
  private final Policy policy;
  private final Approvers approvers;
  private final List<Finding> findings = new ArrayList<>();

  private PolicyLint(Policy policy) {
    this.policy = policy;
    this.approvers = new Approvers(policy.groups());
  }

  /** How bad it is. */
  public enum Level {
    /** It cannot work as it stands. */
    ERROR("error"),
    /** Somebody should have meant it so. */
    WARNING("warning"),
    /** Good to know. */
    NOTE("note");

    private final String label;

    Level(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * @param code stable
   * @param path the field that it is about
   */
  public record Finding(Level level, String code, String path, String text) {}

  /**
   * A committee of parties that weigh alike.
   *
   * @param threshold how many of them sign
   */
  public record Committee(int parties, int threshold) {}

  /** All findings, in the order of the document. */
  public static List<Finding> of(Policy policy, Optional<Committee> committee) {
    var lint = new PolicyLint(policy);
    lint.unused();
    lint.chains();
    for (int i = 0; i < policy.limits().size(); i++) {
      int place = i;
      committee.ifPresent(c -> lint.ceiling(place, policy.limits().get(place), c));
    }
    lint.rules();
    lint.requirements();
    lint.timeLocks();
    return List.copyOf(lint.findings);
  }

  private void unused() {
    var groups = new HashSet<String>();
    requirementsByPath()
        .forEach(
            named -> named.requirement().allOf().forEach(clause -> groups.add(clause.group())));
    for (var group : new TreeSet<>(policy.groups().keySet())) {
      var members = java.util.Objects.requireNonNull(policy.groups().get(group)).members().keySet();
      boolean inRole = policy.roles().values().stream().anyMatch(role -> role.containsAll(members));
      if (!groups.contains(group) && !inRole) {
        warn("unused-group", "groups." + group, "no rule, quorum or role needs this group");
      }
    }
    var read = new HashSet<String>();
    var screened = new HashSet<String>();
    for (var rule : policy.rules()) {
      var in = rule.match().dest().map(Match.Receiver::in).orElse(Set.of());
      read.addAll(in);
      if (rule instanceof Rule.Deny) {
        screened.addAll(in);
      }
    }
    policy
        .lists()
        .forEach((name, list) -> {
          if (list instanceof ListRule.Screening && !screened.contains(name)) {
            warn("unread-screening", "lists." + name, "no deny rule reads this screening list");
          } else if (!read.contains(name)) {
            warn("unused-list", "lists." + name, "no rule reads this list");
          }
        });
    if (policy.holders("initiator").isEmpty()) {
      warn("no-initiator", "roles.initiator", "nobody may ask for a signature");
    }
    if (policy.committees().isEmpty()) {
      warn("no-committee", "committees", "no committee is accepted: nothing can be signed");
    }
  }

  private void chains() {
    for (var chain : policy.chains()) {
      if (!policy.fees().containsKey(chain)) {
        warn("no-fee-ceiling", "fees", chain + " has no fee ceiling: any fee can be paid");
      }
    }
  }

  private void ceiling(int place, Limit limit, Committee committee) {
    boolean needed =
        policy.rules().stream()
            .filter(Rule.Allow.class::isInstance)
            .allMatch(rule -> rule.match().quorum().contains(policy.header().party()));
    if (limit.measure() == Limit.Measure.SUM && !needed) {
      var most =
          limit
              .most()
              .multiply(BigInteger.valueOf(committee.parties()))
              .divide(BigInteger.valueOf(committee.threshold()));
      findings.add(
          new Finding(
              Level.NOTE,
              "committee-ceiling",
              "limits[" + place + "]",
              "rotating quorums of "
                  + committee.threshold()
                  + " among "
                  + committee.parties()
                  + " parties with this same limit can spend up to "
                  + most
                  + " base units; quorum: {includes: ["
                  + policy.header().party()
                  + "]} in the allow rules makes it exact"));
    }
  }

  private void rules() {
    var earlier = new ArrayList<Rule.Allow>();
    for (int i = 0; i < policy.rules().size(); i++) {
      var rule = policy.rules().get(i);
      if (rule instanceof Rule.Allow allow) {
        var path = "rules[" + i + "]";
        earlier.stream()
            .filter(before -> MatchCover.covers(before.match(), allow.match()))
            .findFirst()
            .ifPresent(before ->
                warn(
                    "unreachable",
                    path,
                    "rule " + allow.id() + " is never reached: " + before.id() + " matches first"));
        earlier.add(allow);
        allow(path, allow);
      }
    }
    if (earlier.isEmpty()) {
      warn("nothing-allowed", "rules", "no rule allows anything");
    }
  }

  private void allow(String path, Rule.Allow allow) {
    var match = allow.match();
    if (match.kinds().isEmpty()) {
      warn("any-kind", path + ".match", "names no kind: calls and grants of power match too");
    }
    for (var risky : List.of("raw.digest", "grant", "evm.set-code", "evm.create")) {
      if (match.kinds().contains(risky)) {
        warn("risky-kind", path + ".match.kind", "allows " + risky);
      }
    }
    if (match.dest().isEmpty() && match.contracts().isEmpty()) {
      warn("any-destination", path + ".match", "names no destination: it pays anybody");
    }
    boolean limited =
        policy.limits().stream()
            .anyMatch(limit ->
                limit.measure() == Limit.Measure.SUM
                    && (match.assets().isEmpty()
                        || match.assets().containsAll(limit.match().assets())));
    if (match.total().isEmpty() && !limited) {
      warn("no-limit", path + ".match", "no sum limit holds what it allows");
    }
    if (allow.approvals().isPresent()
        && policy.chains().stream().anyMatch(chain -> chain.namespace().equals("solana"))
        && (match.chains().isEmpty()
            || match.chains().stream().anyMatch(chain -> chain.startsWith("solana:")))) {
      warn(
          "outlives-blockhash",
          path + ".approvals",
          "approvals take longer than a Solana blockhash lives, about a minute");
    }
  }

  private record Named(String path, Requirement requirement) {}

  private List<Named> requirementsByPath() {
    var all = new ArrayList<Named>();
    for (int i = 0; i < policy.rules().size(); i++) {
      var path = "rules[" + i + "].approvals";
      switch (policy.rules().get(i)) {
        case Rule.Allow allow ->
            allow.approvals().ifPresent(approvals -> all.add(new Named(path, approvals)));
        case Rule.Require require -> all.add(new Named(path, require.approvals()));
        case Rule.Deny _ -> {}
      }
    }
    policy.quorums().forEach((name, quorum) -> all.add(new Named("quorums." + name, quorum)));
    policy
        .lists()
        .forEach((name, list) ->
            list.quorum().ifPresent(q -> all.add(new Named("lists." + name + ".change", q))));
    all.add(new Named("change.approvals", policy.change().approvals()));
    return all;
  }

  private void requirements() {
    for (var named : requirementsByPath()) {
      var everybody = new TreeSet<String>();
      named
          .requirement()
          .allOf()
          .forEach(clause ->
              everybody.addAll(
                  java.util.Objects.requireNonNull(policy.groups().get(clause.group()))
                      .members()
                      .keySet()));
      if (!approvers.missing(named.requirement(), everybody, "").isEmpty()) {
        findings.add(
            new Finding(
                Level.ERROR,
                "unsatisfiable",
                named.path(),
                "cannot be met by all of its people together"));
        continue;
      }
      for (var person : everybody) {
        var others = new TreeSet<>(everybody);
        others.remove(person);
        if (!approvers.missing(named.requirement(), others, "").isEmpty()) {
          warn("hangs-on-one", named.path(), "cannot be met without " + person);
        }
      }
    }
  }

  /** Nothing begins these later, so that one that must wait never comes. */
  private void timeLocks() {
    for (var ceremony : List.of(Ceremony.UNFREEZE, Ceremony.KEYGEN, Ceremony.PAIR_REKEY)) {
      if (!policy.ceremony(ceremony).timelock().isZero()) {
        findings.add(
            new Finding(
                Level.ERROR,
                "never-ready",
                "ceremonies." + ceremony.label() + ".timelock",
                "nothing waits for this time lock here: it is refused always"));
      }
    }
  }

  private void warn(String code, String path, String text) {
    findings.add(new Finding(Level.WARNING, code, path, text));
  }
}
