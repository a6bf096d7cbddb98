package io.sharekeep.threshold.rekey;

/** The rounds of a pair's new agreement (protocols.md, annex A). */
final class Rounds {
  static final int COMMIT = 1;
  static final int OFFER = 2;
  static final int ANSWER = 3;

  private Rounds() {}

  /** A state was left too early: a bug in the caller, not a peer's fault. */
  static void require(boolean complete, int round) {
    if (!complete) {
      throw new IllegalStateException("round " + round + " is not complete");
    }
  }
}
