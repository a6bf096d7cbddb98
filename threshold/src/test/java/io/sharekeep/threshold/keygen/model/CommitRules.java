package io.sharekeep.threshold.keygen.model;

import io.sharekeep.threshold.keygen.KeyStatus;

/** What the commit rule says to one party about the statements that it holds. */
public interface CommitRules {
  /**
   * @param held the offered statements that count
   * @param due what the party must or may sign now
   * @param culprits mask of places: who contradicted itself
   */
  record Verdict(KeyStatus status, int held, int due, int culprits) {}

  /**
   * @param recorded whether the party has a record of the key
   * @param offered mask of statements
   */
  Verdict judge(int place, boolean recorded, int offered);

  /**
   * Whether the first {@code parties} parties complete another key generation when every one of
   * them is offered these statements of the first, too.
   */
  boolean anotherAttemptEnds(int parties, int offered);

  /** Makes the rule; loaded once with the real ledger and once with each broken one. */
  @FunctionalInterface
  interface Maker {
    CommitRules over(Vocabulary vocabulary);
  }
}
