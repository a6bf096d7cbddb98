package io.sharekeep.enclave.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.rules.Ruling.Result;

/** What was decided and why, for people and records. */
public final class RulingJson {
  /** About as long is a rule with its verdict, in characters. */
  private static final int RULE = 100;

  private RulingJson() {}

  /** The answer, and every rule with its verdict in the order of the document. */
  public static ObjectNode of(Ruling ruling) {
    var json = answer(ruling);
    var rules = json.putArray("rules");
    ruling
        .trace()
        .forEach(traced ->
            rules
                .addObject()
                .put("id", traced.rule().id())
                .put("effect", traced.rule().effect())
                .put("verdict", traced.verdict().text()));
    return json;
  }

  /** The same for {@link CanonicalJson#bytes} alone, which is quick for thousands of rules. */
  public static ObjectNode forRecord(Ruling ruling) {
    var rules = new StringBuilder(RULE * ruling.trace().size() + 2).append('[');
    for (var traced : ruling.trace()) {
      rules.append(rules.length() == 1 ? "{\"effect\":" : ",{\"effect\":");
      CanonicalJson.quote(traced.rule().effect(), rules);
      rules.append(",\"id\":");
      CanonicalJson.quote(traced.rule().id(), rules);
      rules.append(",\"verdict\":");
      CanonicalJson.quote(traced.verdict().text(), rules);
      rules.append('}');
    }
    var json = answer(ruling);
    json.set("rules", CanonicalJson.written(rules.append(']').toString()));
    return json;
  }

  private static ObjectNode answer(Ruling ruling) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("decision", ruling.word());
    json.put("rule", ruling.result().rule());
    switch (ruling.result()) {
      case Result.Approved _ -> {}
      case Result.Deferred deferred -> {
        deferred.missing().forEach(json.putArray("missing")::add);
        json.put("within", deferred.within().toString());
      }
      case Result.Denied denied -> {
        json.put("step", denied.why().label());
        json.put("reason", denied.reason());
      }
    }
    return json;
  }
}
