package io.sharekeep.bench.timing;

/** One operation on a secret, with the two kinds of operand that are compared. */
interface Subject {
  /** What is measured, and with which fixed operand. */
  String name();

  /** How many calls one sample times: enough for the clock's grain of some 20 ns. */
  int repeats();

  /**
   * Makes operand number {@code slot} of one kind ready where {@link #operate} will find it, with
   * the same work for either kind. Not timed.
   *
   * @param kind 0 for the fixed operand, 1 for a random one
   */
  void load(int kind, int slot);

  /**
   * The operation, timed.
   *
   * @return anything that depends on the result, so that no compiler drops it
   */
  Object operate();

  /** No more samples than that, whatever is asked for. */
  default int most() {
    return Integer.MAX_VALUE;
  }

  /** What a sample leaves behind is undone here. Not timed. */
  default void unload() {}
}
