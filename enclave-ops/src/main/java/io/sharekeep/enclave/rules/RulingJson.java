package io.sharekeep.enclave.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.rules.Ruling.Result;

/** What was decided and why, for people and records. */
public final class RulingJson {
  private RulingJson() {}

  /** The answer, and every rule with its verdict in the order of the document. */
  public static ObjectNode of(Ruling ruling) {
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
}
