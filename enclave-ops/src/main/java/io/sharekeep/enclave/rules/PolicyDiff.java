package io.sharekeep.enclave.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one version changes in another, by meaning. It is structural and looks on the dark side:
 * whatever it does not know to be tightening is loosening (policy and intents, section 6).
 */
public final class PolicyDiff {
  private final List<Difference> differences = new ArrayList<>();

  private PolicyDiff() {}

  /** Which way a difference goes. */
  public enum Direction {
    TIGHTENING("tightening"),
    LOOSENING("loosening"),
    NEUTRAL("neutral");

    private final String label;

    Direction(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * @param what for people: {@code limit usdc-day}
   * @param how what became of it
   */
  public record Difference(Direction direction, String what, String how) {}

  /** Every difference, section by section. */
  public static List<Difference> between(Policy before, Policy after) {
    var diff = new PolicyDiff();
    diff.compare(before, after);
    return List.copyOf(diff.differences);
  }

  /** Whether nothing that the old version would refuse or wait for could pass more easily. */
  public static boolean tightensOnly(Policy before, Policy after) {
    return between(before, after).stream().noneMatch(d -> d.direction() == Direction.LOOSENING);
  }

  private void compare(Policy before, Policy after) {
    if (!before.header().tenant().equals(after.header().tenant())
        || !before.header().id().equals(after.header().id())
        || !before.header().party().equals(after.header().party())) {
      add(Direction.LOOSENING, "metadata", "tenant, id or party is another one");
    }
    rules(before, after);
    keyed(
        "limit",
        index(before.limits(), Limit::id),
        index(after.limits(), Limit::id),
        true,
        PolicyDiff::lower);
    keyed("fee ceiling", before.fees(), after.fees(), true, PolicyDiff::lower);
    sets("chain", before.chains(), after.chains());
    sets("committee", before.committees(), after.committees());
    keyed("asset", before.assets(), after.assets(), true, Object::equals);
    keyed("wallet", before.wallets(), after.wallets(), true, Object::equals);
    keyed("interface", before.interfaces(), after.interfaces(), true, Object::equals);
    keyed("list", before.lists(), after.lists(), true, PolicyDiff::stricter);
    people(before, after);
    groups(before, after);
    var roles = new TreeSet<>(before.roles().keySet());
    roles.addAll(after.roles().keySet());
    roles.forEach(role -> sets("role " + role + ":", before.holders(role), after.holders(role)));
    keyed(
        "ceremony",
        before.ceremonies(),
        after.ceremonies(),
        false,
        (old, fresh) ->
            stricter(old.by(), fresh.by()) && fresh.timelock().compareTo(old.timelock()) >= 0);
    sets("passkey origin", origins(before), origins(after));
    if (!before.change().equals(after.change())) {
      add(stricter(before.change(), after.change()), "change control", "changed");
    }
  }

  private static Set<String> origins(Policy policy) {
    return policy
        .webauthn()
        .map(places -> {
          var all = new TreeSet<>(places.origins());
          places.rpIds().forEach(rpId -> all.add("rpId " + rpId));
          return (Set<String>) all;
        })
        .orElse(Set.of());
  }

  private void rules(Policy before, Policy after) {
    var old = index(before.rules(), Rule::id);
    var fresh = index(after.rules(), Rule::id);
    var last = allows(before).isEmpty() ? "" : allows(before).getLast();
    old.forEach((id, rule) -> {
      var now = fresh.get(id);
      var what = rule.effect() + " rule " + id;
      if (now == null) {
        // Below an allow rule that goes, a weaker one may come to light.
        add(rule instanceof Rule.Allow && id.equals(last), what, "removed");
      } else if (!now.equals(rule)) {
        add(stricter(rule, now), what, "changed");
      }
    });
    fresh.forEach((id, rule) -> {
      if (!old.containsKey(id)) {
        add(!(rule instanceof Rule.Allow), rule.effect() + " rule " + id, "added");
      }
    });
    var kept = allows(before).stream().filter(allows(after)::contains).toList();
    if (!kept.equals(allows(after).stream().filter(kept::contains).toList())) {
      add(Direction.LOOSENING, "allow rules", "stand in another order");
    }
  }

  private static List<String> allows(Policy policy) {
    return policy.rules().stream().filter(Rule.Allow.class::isInstance).map(Rule::id).toList();
  }

  private static boolean stricter(Rule before, Rule after) {
    return switch (before) {
      case Rule.Deny _ -> false;
      case Rule.Allow old ->
          after instanceof Rule.Allow fresh
              && old.match().equals(fresh.match())
              && fresh.approvals().isPresent()
              && old.approvals().map(a -> stricter(a, fresh.approvals().get())).orElse(true);
      case Rule.Require old ->
          after instanceof Rule.Require fresh
              && old.match().equals(fresh.match())
              && stricter(old.approvals(), fresh.approvals());
    };
  }

  /** Every clause is still there, as heavy or heavier; nothing about who counts is given up. */
  static boolean stricter(Requirement before, Requirement after) {
    var within = before.within();
    return before.allOf().stream()
            .allMatch(old ->
                after.allOf().stream()
                    .anyMatch(fresh ->
                        fresh.group().equals(old.group())
                            && fresh.weight() >= old.weight()
                            && fresh.distinct() >= old.distinct()))
        && distinctGroups(before)
        && (after.excludeInitiator() || !before.excludeInitiator())
        && (after.disjoint() || !before.disjoint())
        && within
            .map(limit -> after.within().filter(d -> d.compareTo(limit) <= 0).isPresent())
            .orElse(true);
  }

  /** Two clauses on one group could be answered by one heavier clause, which is not the same. */
  private static boolean distinctGroups(Requirement requirement) {
    var groups = requirement.allOf().stream().map(Requirement.Clause::group).toList();
    return new HashSet<>(groups).size() == groups.size();
  }

  private static boolean stricter(Policy.Change before, Policy.Change after) {
    return stricter(before.approvals(), after.approvals())
        && after.timelock().compareTo(before.timelock()) >= 0
        && after.tightening().compareTo(before.tightening()) >= 0;
  }

  private static boolean stricter(ListRule before, ListRule after) {
    return switch (before) {
      case ListRule.Destinations old ->
          after instanceof ListRule.Destinations fresh
              && fresh.coolOff().compareTo(old.coolOff()) >= 0
              && stricter(old.change(), fresh.change());
      case ListRule.Screening old ->
          after instanceof ListRule.Screening fresh
              && fresh.maxAge().compareTo(old.maxAge()) <= 0
              && old.signers().containsAll(fresh.signers());
    };
  }

  private static boolean lower(Limit before, Limit after) {
    return before.match().equals(after.match())
        && before.measure() == after.measure()
        && before.per().equals(after.per())
        && after.most().compareTo(before.most()) <= 0
        && after.window().compareTo(before.window()) >= 0;
  }

  private static boolean lower(FeeCeiling before, FeeCeiling after) {
    return after.most().compareTo(before.most()) <= 0
        && before
            .share()
            .map(old -> after.share().filter(fresh -> fresh.compareTo(old) <= 0).isPresent())
            .orElse(true);
  }

  private void people(Policy before, Policy after) {
    before
        .actors()
        .forEach((name, actor) -> {
          var now = after.actors().get(name);
          if (now == null) {
            add(Direction.TIGHTENING, "actor " + name, "removed");
          } else if (!now.equals(actor)) {
            add(
                now.service() == actor.service()
                    && actor.keys().containsAll(now.keys())
                    && actor.tls().containsAll(now.tls()),
                "actor " + name,
                "has other keys");
          }
        });
    after.actors().keySet().stream()
        .filter(name -> !before.actors().containsKey(name))
        .sorted()
        // Alone it may do nothing: what it may do shows as a change of roles and groups.
        .forEach(name -> add(Direction.NEUTRAL, "actor " + name, "added"));
  }

  private void groups(Policy before, Policy after) {
    var names = new TreeSet<>(before.groups().keySet());
    names.addAll(after.groups().keySet());
    for (var name : names) {
      var old = before.groups().get(name);
      var fresh = after.groups().get(name);
      if (old == null) {
        add(Direction.NEUTRAL, "group " + name, "added");
      } else if (fresh == null) {
        add(Direction.NEUTRAL, "group " + name, "removed");
      } else if (!fresh.equals(old)) {
        boolean smaller =
            fresh.members().entrySet().stream()
                .allMatch(
                    member -> old.members().getOrDefault(member.getKey(), 0) >= member.getValue());
        add(smaller, "group " + name, "has other members or weights");
      }
    }
  }

  /**
   * @param harmless whether an addition allows nothing by itself
   */
  private <K, V> void keyed(
      String what,
      Map<K, V> before,
      Map<K, V> after,
      boolean harmless,
      BiPredicate<V, V> stricter) {
    var keys = new LinkedHashMap<String, K>();
    before.keySet().forEach(key -> keys.put(key.toString(), key));
    after.keySet().forEach(key -> keys.put(key.toString(), key));
    new TreeSet<>(keys.keySet())
        .forEach(name -> {
          var key = keys.get(name);
          var old = before.get(key);
          var fresh = after.get(key);
          if (old == null) {
            add(harmless, what + " " + name, "added");
          } else if (fresh == null) {
            add(Direction.LOOSENING, what + " " + name, "removed");
          } else if (!fresh.equals(old)) {
            add(stricter.test(old, fresh), what + " " + name, "changed");
          }
        });
  }

  private <T> void sets(String what, Set<T> before, Set<T> after) {
    before.stream()
        .filter(item -> !after.contains(item))
        .map(Object::toString)
        .sorted()
        .forEach(item -> add(Direction.TIGHTENING, what + " " + item, "removed"));
    after.stream()
        .filter(item -> !before.contains(item))
        .map(Object::toString)
        .sorted()
        .forEach(item -> add(Direction.LOOSENING, what + " " + item, "added"));
  }

  private static <V> Map<String, V> index(List<V> values, Function<V, String> id) {
    return values.stream()
        .collect(Collectors.toMap(id, Function.identity(), (a, _) -> a, LinkedHashMap::new));
  }

  private void add(boolean tightens, String what, String how) {
    add(tightens ? Direction.TIGHTENING : Direction.LOOSENING, what, how);
  }

  private void add(Direction direction, String what, String how) {
    differences.add(new Difference(direction, what, how));
  }
}
