package io.sharekeep.threshold.keygen.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Every state of a world, breadth first and each once, until one breaks a property; the shortest
 * way there is the counterexample.
 */
final class Exploration {
  private final CommitWorld world;
  private final int limit;
  private long[] states = new long[1 << 16];
  private int[] parents = new int[1 << 16];
  private int[] steps = new int[1 << 16];
  private int count;
  private int[] table = new int[1 << 18];
  private long transitions;
  private int reversal = -1;

  private Exploration(CommitWorld world, int limit) {
    this.world = world;
    this.limit = limit;
  }

  /** What was broken, and how it came to it. */
  record Counterexample(Property property, List<String> trace) {
    @Override
    public String toString() {
      return property + " fails:\n" + String.join("\n", trace);
    }
  }

  /**
   * @param complete whether every state that can be reached was
   */
  record Result(
      int states, long transitions, boolean complete, Optional<Counterexample> counterexample) {}

  /**
   * @param limit of states; past it the result is not complete
   */
  static Result of(CommitWorld world, int limit) {
    return new Exploration(world, limit).explore();
  }

  private Result explore() {
    add(world.start(), -1, 0);
    for (int at = 0; at < count; at++) {
      var broken = expand(at);
      if (broken.isPresent()) {
        return new Result(count, transitions, false, broken);
      }
      if (count > limit) {
        return new Result(count, transitions, false, Optional.empty());
      }
    }
    return new Result(count, transitions, true, Optional.empty());
  }

  private Optional<Counterexample> expand(int at) {
    long state = states[at];
    int first = count;
    reversal = -1;
    world.from(
        state,
        (next, step) -> {
          transitions++;
          int known = count;
          int place = add(next, at, step);
          if (reversal < 0 && world.reverses(state, next)) {
            reversal = place;
            if (place < known) {
              parents[place] = at;
              steps[place] = step;
            }
          }
        });
    if (reversal >= 0) {
      return Optional.of(new Counterexample(Property.ENDS_ARE_FINAL, trace(reversal)));
    }
    for (int i = first; i < count; i++) {
      var broken = world.broken(states[i]);
      if (broken.isPresent()) {
        return Optional.of(new Counterexample(broken.get(), trace(i)));
      }
    }
    return Optional.empty();
  }

  private List<String> trace(int last) {
    var trace = new ArrayList<String>();
    for (int at = last; parents[at] >= 0; at = parents[at]) {
      trace.add(world.describe(steps[at]));
    }
    Collections.reverse(trace);
    trace.add(world.describe(states[last]));
    return trace;
  }

  /** Answers where the state is. */
  private int add(long state, int parent, int step) {
    int slot = slot(state);
    if (table[slot] != 0) {
      return table[slot] - 1;
    }
    if (count == states.length) {
      states = Arrays.copyOf(states, 2 * count);
      parents = Arrays.copyOf(parents, 2 * count);
      steps = Arrays.copyOf(steps, 2 * count);
    }
    states[count] = state;
    parents[count] = parent;
    steps[count] = step;
    table[slot] = ++count;
    if (4L * count > 3L * table.length) {
      table = new int[2 * table.length];
      for (int i = 0; i < count; i++) {
        table[slot(states[i])] = i + 1;
      }
    }
    return count - 1;
  }

  private int slot(long state) {
    long mixed = (state ^ state >>> 32) * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & table.length - 1;
    while (table[slot] != 0 && states[table[slot] - 1] != state) {
      slot = slot + 1 & table.length - 1;
    }
    return slot;
  }
}
