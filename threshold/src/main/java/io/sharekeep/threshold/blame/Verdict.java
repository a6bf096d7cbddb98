package io.sharekeep.threshold.blame;

import java.util.List;

/** What becomes of a report. */
public sealed interface Verdict {
  /** It is not what the named accuser signed, or not about this committee: worth nothing. */
  record Rejected(String reason) implements Verdict {}

  /**
   * The accuser signed it, and the accused and all others signed their messages in it.
   *
   * @param findings one for each accused, ascending; none where the report names nobody
   */
  record Judged(List<Finding> findings) implements Verdict {
    public Judged {
      findings = List.copyOf(findings);
    }
  }
}
