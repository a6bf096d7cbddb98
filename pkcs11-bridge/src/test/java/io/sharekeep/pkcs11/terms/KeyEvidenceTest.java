package io.sharekeep.pkcs11.terms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.terms.KeyEvidence.Exemption;
import io.sharekeep.pkcs11.terms.KeyEvidence.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyEvidenceTest {
  private static final Exemption LOCAL = new Exemption("LOCAL", "0", "own");

  @Test
  void anExemptionIsForOneExactFindingOfOneAttribute() {
    assertEquals(List.of(LOCAL), evidence("LOCAL", "0").exempted(KeySpec.KEK));
    assertFalse(violated(evidence("LOCAL", "0"), "LOCAL"));
    assertTrue(violated(evidence("LOCAL", KeyEvidence.ABSENT), "LOCAL"));
    assertTrue(violated(evidence("TOKEN", "0"), "TOKEN"));
    assertEquals(List.of(), evidence("LOCAL", "1").exempted(KeySpec.KEK));
  }

  private static boolean violated(KeyEvidence evidence, String attribute) {
    return evidence.violations(KeySpec.KEK).stream()
        .anyMatch(violation -> violation.attribute().equals(attribute));
  }

  private static KeyEvidence evidence(String attribute, String found) {
    var key = new KeyRef(KeySpec.KEK.name(), "00".repeat(16));
    return new KeyEvidence(key, List.of(new Finding(attribute, found)), List.of(LOCAL));
  }
}
