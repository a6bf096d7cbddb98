package io.sharekeep.threshold.keygen.model;

/** How the code around the rule behaves: as its Javadoc asks, or with one duty neglected. */
public enum Caller {
  FAITHFUL,
  /** Acts on a statement that it has not stored; a crash then forgets the reason. */
  ACTS_BEFORE_IT_STORES,
  /** Sends its own statement before it is durable; a crash then forgets that it was said. */
  SENDS_BEFORE_IT_STORES,
  /** Discards a pending record alone: a time-out, a restart, an operator. */
  DISCARDS_ALONE
}
