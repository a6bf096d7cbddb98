package io.sharekeep.bench.timing;

/**
 * A subject that takes milliseconds: fewer samples, or a campaign would take days.
 *
 * @param most samples, warm-up included
 */
record Slow(Subject subject, int most) implements Subject {
  @Override
  public String name() {
    return subject.name();
  }

  @Override
  public int repeats() {
    return subject.repeats();
  }

  @Override
  public void load(int kind, int slot) {
    subject.load(kind, slot);
  }

  @Override
  public Object operate() {
    return subject.operate();
  }

  @Override
  public void unload() {
    subject.unload();
  }
}
