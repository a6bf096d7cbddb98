package io.sharekeep.attestation.appraise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TierTest {
  /** The bands of AR4SI at their edges. */
  @ParameterizedTest
  @CsvSource({
    "-128, CONTRAINDICATED",
    "-97, CONTRAINDICATED",
    "-96, WARNING",
    "-33, WARNING",
    "-32, AFFIRMING",
    "-2, AFFIRMING",
    "-1, NONE",
    "0, NONE",
    "1, NONE",
    "2, AFFIRMING",
    "31, AFFIRMING",
    "32, WARNING",
    "95, WARNING",
    "96, CONTRAINDICATED",
    "127, CONTRAINDICATED"
  })
  void bandsAreThoseOfTheDraft(int value, Tier tier) {
    assertEquals(tier, Tier.of(value));
  }
}
