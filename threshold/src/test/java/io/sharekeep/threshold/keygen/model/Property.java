package io.sharekeep.threshold.keygen.model;

/** What must hold in every state that can be reached. */
public enum Property {
  /** A key is used only where every honest party holds its share for good. */
  A_USED_KEY_IS_WHOLE,
  /** An active party stays active, and what was discarded stays so. */
  ENDS_ARE_FINAL,
  /** With at most one malicious party, no share is active where another is gone. */
  NO_SPLIT,
  /** No honest party is ever shown to have contradicted itself, and who did is shown. */
  BLAME_IS_EXACT,
  /** Only the certificates of all, over this key, make active. */
  ALL_CERTIFIED,
  /** With at most one malicious party, silent from now on, the others come to one end. */
  HONEST_PARTIES_AGREE,
  /** Whatever became of this attempt, another one without the silent party succeeds. */
  ANOTHER_ATTEMPT_SUCCEEDS
}
