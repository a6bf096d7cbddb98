package io.sharekeep.committee;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The record of a decision in a few short lines: every rule that was asked, every limit that was
 * charged, who approved, and what came of it.
 *
 * @param policy that decided, for the units of its limits
 */
record RuleTrace(JsonNode record, JsonNode policy) {
  private static final int WIDTH = 96;
  private static final int LABEL = 9;

  /** What was decided: approved, deferred or denied. */
  String decision() {
    return record.at("/ruling/decision").asText();
  }

  /** The rule, limit or invariant that decided. */
  String rule() {
    return record.at("/ruling/rule").asText();
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.addAll(wrapped("deny", rules("deny")));
    lines.addAll(wrapped("limits", limits()));
    lines.addAll(wrapped("allow", rules("allow")));
    var people = new ArrayList<String>();
    record
        .path("approvals")
        .forEach(approval -> people.add(approval.at("/statement/person").asText()));
    if (!people.isEmpty()) {
      lines.addAll(wrapped("approved", List.of("by " + String.join(", ", people))));
    }
    lines.addAll(
        wrapped(
            decision().toUpperCase(Locale.ROOT),
            List.of("by " + rule() + because(record, rule()))));
    return lines;
  }

  private static String because(JsonNode record, String rule) {
    var missing = new ArrayList<String>();
    record.at("/ruling/missing").forEach(clause -> missing.add(clause.asText()));
    var reason = record.at("/ruling/reason").asText();
    return !missing.isEmpty()
        ? ", needs " + String.join(" and ", missing)
        // What a limit gives as its reason is its line above, in base units.
        : reason.isEmpty() || reason.startsWith(rule + " ") ? "" : ": " + reason;
  }

  private List<String> rules(String effect) {
    var items = new ArrayList<String>();
    for (var rule : record.at("/ruling/rules")) {
      var verdict = rule.path("verdict").asText();
      if (rule.path("effect").asText().equals(effect) && !verdict.equals("not reached")) {
        items.add(
            rule.path("id").asText()
                + ": "
                + (verdict.startsWith("wallet is ") ? "for another wallet" : verdict));
      }
    }
    return items;
  }

  private List<String> limits() {
    var items = new ArrayList<String>();
    for (var limit : record.path("limits")) {
      var id = limit.path("id").asText();
      var before = number(limit, "before");
      var charge = number(limit, "charge");
      var most = number(limit, "most");
      int decimals = decimals(id);
      items.add(
          "%s: %s + %s of %s%s"
              .formatted(
                  id,
                  units(before, decimals),
                  units(charge, decimals),
                  units(most, decimals),
                  before.add(charge).compareTo(most) > 0 ? ", does not fit" : ""));
    }
    return items;
  }

  private static BigInteger number(JsonNode limit, String field) {
    return new BigInteger(limit.path(field).asText());
  }

  private static String units(BigInteger amount, int decimals) {
    return amount.signum() == 0
        ? "0"
        : new BigDecimal(amount, decimals).stripTrailingZeros().toPlainString();
  }

  /** Of the asset that a limit sums up; none where it counts. */
  private int decimals(String id) {
    for (var limit : policy.path("limits")) {
      if (limit.path("id").asText().equals(id) && limit.has("sum")) {
        return policy.at("/assets/" + limit.at("/match/asset").asText() + "/decimals").asInt();
      }
    }
    return 0;
  }

  private static List<String> wrapped(String label, List<String> items) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var item : items) {
      if (!line.isEmpty() && line.length() + item.length() + 2 > WIDTH - LABEL) {
        lines.add(line.append(';').toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : "; ").append(item);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    var labelled = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      labelled.add("%-9s%s".formatted(i == 0 ? label : "", lines.get(i)));
    }
    return labelled;
  }
}
