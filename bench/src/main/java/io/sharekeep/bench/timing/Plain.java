package io.sharekeep.bench.timing;

import java.util.function.Supplier;

/** A subject in three parts. */
record Plain(String name, int repeats, Loader loader, Supplier<Object> operation, Runnable undo)
    implements Subject {
  /** As {@link Subject#load}. */
  @FunctionalInterface
  interface Loader {
    void load(int kind, int slot);
  }

  Plain(String name, int repeats, Loader loader, Supplier<Object> operation) {
    this(name, repeats, loader, operation, () -> {});
  }

  @Override
  public void load(int kind, int slot) {
    loader.load(kind, slot);
  }

  @Override
  public Object operate() {
    return operation.get();
  }

  @Override
  public void unload() {
    undo.run();
  }
}
