package io.sharekeep.enclave.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether these people are enough. Distinct humans; who asked does not count where that is said.
 */
final class Approvers {
  /** More are not looked at: the first ones by name. */
  private static final int MOST = 32;

  private final Map<String, Policy.Group> groups;

  Approvers(Map<String, Policy.Group> groups) {
    this.groups = groups;
  }

  /** What is still missing, in words; empty if nothing is. */
  List<String> missing(Requirement requirement, Set<String> people, String initiator) {
    var candidates = new TreeSet<>(people);
    if (requirement.excludeInitiator()) {
      candidates.remove(initiator);
    }
    var counted = candidates.stream().limit(MOST).toList();
    if (requirement.disjoint() ? assigned(requirement, counted) : together(requirement, counted)) {
      return List.of();
    }
    return requirement.allOf().stream()
        .filter(clause -> !requirement.disjoint() ? !met(clause, counted) : true)
        .map(clause ->
            clause.group()
                + " weight "
                + clause.weight()
                + " of "
                + clause.distinct()
                + (clause.distinct() == 1 ? " person" : " people")
                + ": "
                + (members(clause, counted).isEmpty()
                    ? "nobody"
                    : members(clause, counted).stream().collect(Collectors.joining(", "))))
        .toList();
  }

  private boolean together(Requirement requirement, List<String> people) {
    return requirement.allOf().stream().allMatch(clause -> met(clause, people));
  }

  private boolean met(Requirement.Clause clause, List<String> people) {
    var members = members(clause, people);
    return members.size() >= clause.distinct()
        && members.stream().mapToInt(name -> weight(clause, name)).sum() >= clause.weight();
  }

  private List<String> members(Requirement.Clause clause, List<String> people) {
    return people.stream().filter(name -> weight(clause, name) > 0).toList();
  }

  private int weight(Requirement.Clause clause, String person) {
    var group = groups.get(clause.group());
    return group == null ? 0 : group.members().getOrDefault(person, 0);
  }

  /**
   * Whether each person can be given to one clause so that all are met: every reachable state of
   * "so much weight and so many people in each clause", capped at what it asks for, one person
   * after the other.
   */
  private boolean assigned(Requirement requirement, List<String> people) {
    var clauses = requirement.allOf();
    Set<List<Integer>> states = new HashSet<>();
    states.add(new ArrayList<>(java.util.Collections.nCopies(2 * clauses.size(), 0)));
    for (var person : people) {
      var next = new HashSet<>(states);
      for (var state : states) {
        for (int i = 0; i < clauses.size(); i++) {
          int weight = weight(clauses.get(i), person);
          if (weight > 0) {
            var given = new ArrayList<>(state);
            given.set(2 * i, Math.min(clauses.get(i).weight(), state.get(2 * i) + weight));
            given.set(2 * i + 1, Math.min(clauses.get(i).distinct(), state.get(2 * i + 1) + 1));
            next.add(given);
          }
        }
      }
      states = next;
    }
    var goal =
        clauses.stream()
            .flatMap(clause -> Arrays.asList(clause.weight(), clause.distinct()).stream())
            .toList();
    return states.contains(goal);
  }
}
