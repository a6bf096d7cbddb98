package io.sharekeep.enclave.policy;

import java.time.Instant;

/** What policy says. A rule store that fails is an exception and never one of these. */
public sealed interface Decision {
  record Approved(Approval approval) implements Decision {}

  /** More approvals are needed until then. */
  record Deferred(String approvers, Instant until) implements Decision {}

  /** {@code rule} is {@code default-deny} where no rule spoke. */
  record Denied(String rule) implements Decision {}
}
