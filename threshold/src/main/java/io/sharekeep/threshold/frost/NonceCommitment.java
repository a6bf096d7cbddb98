package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.group.Element;

/**
 * What one point commits to in round one, RFC 9591 section 5.1.
 *
 * @param hiding D = d·G
 * @param binding E = e·G
 */
public record NonceCommitment(EvaluationPoint point, Element hiding, Element binding) {
  public NonceCommitment {
    if (hiding.group() != binding.group()) {
      throw new IllegalArgumentException("commitments of two groups");
    }
  }
}
