package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleTraceTest {
  private static final String POLICY =
      """
      {"assets": {"usdc": {"decimals": 6}},
       "limits": [{"id": "usdc-day", "match": {"asset": "usdc"}, "sum": "200"},
                  {"id": "rate", "match": {}, "count": 20}]}
      """;

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void everyRuleThatWasAskedAndEveryLimitIsThereInItsUnits() throws JsonProcessingException {
    var record =
        json(
            """
            {"ruling": {"decision": "deferred", "rule": "large", "missing": ["risk weight 1"],
              "rules": [{"effect": "deny", "id": "no-power", "verdict": "kind is transfer"},
                        {"effect": "allow", "id": "small", "verdict": "wallet is 0a0b"},
                        {"effect": "allow", "id": "large", "verdict": "matched"},
                        {"effect": "allow", "id": "rest", "verdict": "not reached"}]},
             "limits": [{"id": "usdc-day", "before": "0", "charge": "1500000", "most": "200000000"},
                        {"id": "rate", "before": "3", "charge": "1", "most": "20"}],
             "approvals": [{"statement": {"person": "alice"}}]}
            """);
    assertEquals(
        List.of(
            "deny     no-power: kind is transfer",
            "limits   usdc-day: 0 + 1.5 of 200; rate: 3 + 1 of 20",
            "allow    small: for another wallet; large: matched",
            "approved by alice",
            "DEFERRED by large, needs risk weight 1"),
        new RuleTrace(record, json(POLICY)).lines());
  }

  @Test
  void aLimitThatDoesNotFitIsSaidOnce() throws JsonProcessingException {
    var record =
        json(
            """
            {"ruling": {"decision": "denied", "rule": "usdc-day", "rules": [],
              "reason": "usdc-day 200000000 + 1 of 200000000"},
             "limits": [{"id": "usdc-day", "before": "200000000", "charge": "1", "most": "200000000"}]}
            """);
    assertEquals(
        List.of("limits   usdc-day: 200 + 0.000001 of 200, does not fit", "DENIED   by usdc-day"),
        new RuleTrace(record, json(POLICY)).lines());
  }
}
