package io.sharekeep.threshold;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds a value that one caller, on any thread, may take. */
public final class Once<T> {
  private final AtomicReference<@Nullable T> slot;

  public Once(T value) {
    this.slot = new AtomicReference<>(value);
  }

  /** A second call is a bug in the caller, so it throws rather than answers. */
  public T spend() {
    return drain().orElseThrow(() -> new IllegalStateException("already spent"));
  }

  /**
   * Shows the value without spending it.
   *
   * @throws IllegalStateException when it is spent
   */
  public T peek() {
    return Optional.ofNullable(slot.get())
        .orElseThrow(() -> new IllegalStateException("already spent"));
  }

  /** Takes the value if nobody has. */
  public Optional<T> drain() {
    return Optional.ofNullable(slot.getAndSet(null));
  }
}
