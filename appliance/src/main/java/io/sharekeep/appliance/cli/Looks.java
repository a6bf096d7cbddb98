package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What was seen of one token, or of those of an appliance. */
record Looks(List<Look> all) {
  private static final Map<String, List<String>> KEYS =
      Map.of(
          ChosenTokens.CORE, List.of("kek", "identity", "log", "attest"),
          ChosenTokens.EDGE, List.of("tls"),
          ChosenTokens.FALLBACK, List.of("kek"));

  /** Columns of {@link #checks}. */
  static final List<String> COLUMNS =
      List.of("token", "result", "check", "found", "expected", "remedy");

  Looks {
    all = List.copyOf(all);
  }

  /** All checks, and that the tokens of an appliance are not one. */
  List<JsonNode> checks() {
    var rows = new ArrayList<JsonNode>();
    all.forEach(look -> rows.addAll(look.checks()));
    if (all.size() > 1) {
      rows.add(apart());
    }
    return rows;
  }

  /** The rule of the design: two tokens and two PINs, so that the network face has neither. */
  private ObjectNode apart() {
    var serials = all.stream().flatMap(look -> look.tokens().stream()).map(Looks::serial).toList();
    boolean apart =
        serials.size() == all.size() && serials.stream().distinct().count() == all.size();
    return JsonNodeFactory.instance
        .objectNode()
        .put("token", all.size() == 2 ? "both" : "all")
        .put("result", apart ? "ok" : "change")
        .put("check", all.size() == 2 ? "two tokens" : "three tokens")
        .put("found", serials.isEmpty() ? "none" : "serials " + String.join(" and ", serials))
        .put("expected", all.size() == 2 ? "two tokens of two serials" : "three serials")
        .put("remedy", apart ? "" : "give each role a token of its own, with its own PIN");
  }

  private static String serial(JsonNode token) {
    return token.path("serial").asText();
  }

  /** Checks that something must be done about. */
  List<JsonNode> failed() {
    return checks().stream().filter(row -> row.path("result").asText().equals("change")).toList();
  }

  /** What each library and token says of itself, the checks apart. */
  ArrayNode described() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var look : all) {
      var about = list.addObject().put("token", look.role());
      about.set("library", look.told().path("library"));
      look.tokens().forEach(about.putArray("tokens")::add);
      for (var field : List.of("suite", "limits", "time")) {
        if (look.told().has(field)) {
          about.set(field, look.told().path(field));
        }
      }
    }
    return list;
  }

  /**
   * Each of our keys: token, key, result, and what the token says of it. A key that its token's
   * role demands and that is not there has a row too.
   */
  List<ObjectNode> evidence() {
    var rows = new ArrayList<ObjectNode>();
    for (var look : all) {
      var wanted =
          KEYS.getOrDefault(
              look.role(), KEYS.values().stream().flatMap(List::stream).sorted().toList());
      boolean demanded = KEYS.containsKey(look.role());
      for (var name : wanted) {
        var found = look.keys(name);
        found.forEach(key -> rows.add(row(look.role(), key.path("key").asText(), key)));
        if (found.isEmpty() && demanded) {
          rows.add(absent(look.role(), name));
        }
      }
    }
    return rows;
  }

  private static ObjectNode row(String role, String name, JsonNode key) {
    var row = JsonNodeFactory.instance.objectNode().put("token", role).put("key", name);
    row.put("result", key.path("violations").isEmpty() ? "ok" : "change");
    row.set("id", key.path("id"));
    row.set("violations", key.path("violations"));
    row.set("exempted", key.path("exempted"));
    row.set("findings", key.path("findings"));
    return row;
  }

  private static ObjectNode absent(String role, String name) {
    var row = JsonNodeFactory.instance.objectNode().put("token", role).put("key", name);
    row.put("result", "change");
    row.putArray("violations").add("it is not there, or the token was not logged in");
    return row;
  }

  /** Whether every key that must be there is, and is as it must be. */
  boolean proven() {
    return evidence().stream().allMatch(row -> row.path("result").asText().equals("ok"));
  }
}
