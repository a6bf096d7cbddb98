package io.sharekeep.enclave.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  private static final String HASH = "ef".repeat(32);
  private static final Set<String> QUORUM = Set.of("alice", "carol");

  private static Succession next(Set<String> signers, Consumer<ObjectNode> change) {
    return Succession.of(
        Policies.policy(),
        HASH,
        Policies.policy(json -> {
          var header = (ObjectNode) json.get("metadata");
          header.put("version", 2).put("previous", HASH);
          change.accept(json);
        }),
        signers);
  }

  private static Succession next(Consumer<ObjectNode> change) {
    return next(QUORUM, change);
  }

  @Test
  void theQuorumOfTheOldVersionDecides() {
    assertEquals(java.util.List.of(), next(_ -> {}).objections());
    assertEquals(1, next(Set.of("carol"), _ -> {}).objections().size());
    assertEquals(1, next(Set.of("alice", "bob", "dave"), _ -> {}).objections().size());
    // The new version may name a quorum that would do: it is not asked.
    assertEquals(
        1,
        next(
                Set.of("dave"),
                json ->
                    ((ObjectNode) json.at("/change/approvals"))
                        .set("allOf", Policies.parsed("{\"a\":[{\"group\":\"risk\"}]}").get("a")))
            .objections()
            .size());
  }

  @Test
  void versionsFollowOneByOneAndNameTheirPredecessor() {
    assertFalse(
        next(json -> ((ObjectNode) json.get("metadata")).put("version", 3)).objections().isEmpty());
    assertFalse(
        next(json -> ((ObjectNode) json.get("metadata")).put("previous", "00".repeat(32)))
            .objections()
            .isEmpty());
    for (var field : Set.of("tenant", "id", "party")) {
      assertFalse(
          next(json -> ((ObjectNode) json.get("metadata")).put(field, "other"))
              .objections()
              .isEmpty(),
          field);
    }
  }

  @Test
  void aLooseningWaitsAndATighteningDoesNot() {
    var tighter = next(json -> ((ObjectNode) json.at("/limits/0")).put("sum", "1"));
    assertTrue(tighter.tightensOnly());
    assertEquals(Duration.ZERO, tighter.timelock());
    var smuggled =
        next(json -> {
          ((ObjectNode) json.at("/limits/0")).put("sum", "1");
          ((ObjectNode) json.at("/limits/1")).put("count", 21);
        });
    assertFalse(smuggled.tightensOnly());
    assertEquals(Duration.ofHours(24), smuggled.timelock());
    var signed = Instant.parse("2027-01-11T11:00:00Z");
    assertEquals(
        Instant.parse("2027-01-12T11:00:00Z"), smuggled.activeFrom(signed, Policies.policy()));
  }

  @Test
  void notBeforeIsNotShortened() {
    var later =
        Policies.policy(
            json -> ((ObjectNode) json.get("metadata")).put("notBefore", "2027-03-01T00:00:00Z"));
    assertEquals(
        Instant.parse("2027-03-01T00:00:00Z"),
        next(_ -> {}).activeFrom(Instant.parse("2027-01-11T11:00:00Z"), later));
  }
}
