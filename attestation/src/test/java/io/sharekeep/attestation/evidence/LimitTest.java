package io.sharekeep.attestation.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitTest {
  /** Reports and auditors' policies name these: one may be added, none renamed or removed. */
  @Test
  void publishedLabelsStay() {
    assertEquals(
        List.of(
            "host-root-trusted",
            "self-measured",
            "shared-administration",
            "no-boot-log",
            "no-ima",
            "no-tpm",
            "vtpm",
            "soft-token",
            "key-self-reported",
            "kek-self-reported",
            "pin-on-heap",
            "pq-software-key",
            "receipt-software-key",
            "clock-unauthenticated",
            "memory-mlock",
            "memory-heap",
            "unattended-unlock",
            "unwitnessed",
            "peer-waiver",
            "rollback-unseen",
            "policy-without-amounts",
            "jvm-best-effort"),
        Arrays.stream(Limit.values()).map(Limit::label).toList());
  }

  @Test
  void everyLimitIsFoundByItsLabelAndSaysASentence() {
    for (var limit : Limit.values()) {
      assertEquals(Optional.of(limit), Limit.named(limit.label()));
      assertTrue(limit.sentence().endsWith("."), limit.label());
    }
  }

  @Test
  void anUnknownLabelIsNoLimit() {
    assertEquals(Optional.empty(), Limit.named("tee"));
  }
}
