package io.sharekeep.attestation.appraise;

import java.util.List;
import java.util.function.Function;

/**
 * One check of a report.
 *
 * @param id stable; scripts and policies' authors know it
 * @param body empty if the policy does not ask and the report says nothing of it
 */
record Check(String id, Function<Case, List<Finding>> body) {
  static Check of(String id, Function<Case, List<Finding>> body) {
    return new Check(id, body);
  }
}
