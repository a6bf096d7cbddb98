package io.sharekeep.enclave.policy;

import java.time.Duration;
import java.util.List;

/** What policy says. A rule store that fails is an exception and never one of these. */
public sealed interface Decision {
  /** Which rule, limit or invariant decided; {@code default-deny} where none spoke. */
  String rule();

  record Approved(Approval approval) implements Decision {
    @Override
    public String rule() {
      return approval.rule();
    }
  }

  /**
   * People must approve first.
   *
   * @param missing whose approval, in words
   * @param within how long that is waited for
   */
  record Deferred(String rule, List<String> missing, Duration within) implements Decision {
    public Deferred {
      missing = List.copyOf(missing);
    }
  }

  record Denied(String rule) implements Decision {}
}
