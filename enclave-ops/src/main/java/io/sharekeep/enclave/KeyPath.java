package io.sharekeep.enclave;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Non-hardened steps from a key to one that derives from it, BIP-32's notation: {@code m} is the
 * key itself, {@code m/0/7} the eighth child of its first.
 *
 * @param steps 0 to 2^31 − 1 each, at most {@value #MAX_DEPTH}
 */
public record KeyPath(List<Long> steps) {
  /** Steps that a path may have. */
  public static final int MAX_DEPTH = 8;

  /** The key itself. */
  public static final KeyPath ROOT = new KeyPath(List.of());

  private static final Pattern STEP = Pattern.compile("0|[1-9][0-9]{0,9}");

  /**
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public KeyPath {
    steps = List.copyOf(steps);
    if (steps.size() > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "a path has at most " + MAX_DEPTH + " steps, not " + steps.size());
    }
    if (steps.stream().anyMatch(step -> step < 0 || step > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("a step of a path is 0 to 2147483647");
    }
  }

  /**
   * Reads the notation, in the one way in which {@link #toString} writes it.
   *
   * @throws IllegalArgumentException with a sentence for whoever wrote it
   */
  public static KeyPath parse(String text) {
    var parts = text.split("/", -1);
    if (!parts[0].equals("m")) {
      throw new IllegalArgumentException("a path begins with m, as in m/0/7");
    }
    var steps = new ArrayList<Long>();
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].endsWith("'") || parts[i].endsWith("h") || parts[i].endsWith("H")) {
        throw new IllegalArgumentException(
            "step "
                + parts[i]
                + " is hardened, and a key that nobody holds whole has no hardened children");
      }
      if (!STEP.matcher(parts[i]).matches()) {
        throw new IllegalArgumentException("a path is m/0/7: numbers without signs or spaces");
      }
      steps.add(Long.parseLong(parts[i]));
    }
    return new KeyPath(steps);
  }

  /**
   * This path and that one from where it ends.
   *
   * @throws IllegalArgumentException when it gets too deep
   */
  public KeyPath then(KeyPath further) {
    var all = new ArrayList<>(steps);
    all.addAll(further.steps());
    return new KeyPath(all);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("m");
    steps.forEach(step -> text.append('/').append(step));
    return text.toString();
  }
}
