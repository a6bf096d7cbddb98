package io.sharekeep.bench.fuzz;

/** Something that must hold for every input did not. */
final class Finding extends AssertionError {
  private static final long serialVersionUID = 1;

  Finding(String what) {
    super(what);
  }

  static void unless(boolean holds, String what) {
    if (!holds) {
      throw new Finding(what);
    }
  }
}
