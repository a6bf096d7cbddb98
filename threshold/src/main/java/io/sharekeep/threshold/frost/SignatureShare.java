package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.group.PublicScalar;

/** What one point contributes in round two, RFC 9591 section 5.2. */
public record SignatureShare(EvaluationPoint point, PublicScalar z) {}
