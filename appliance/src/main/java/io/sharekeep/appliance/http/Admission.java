package io.sharekeep.appliance.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests a listener works on at once; more are turned away at once rather than queued.
 * Each listener has its own, so that clients cannot take the places that peers' rounds need.
 */
final class Admission {
  private final Semaphore places;
  private final int size;
  private final AtomicLong rejected = new AtomicLong();

  Admission(int size) {
    this.places = new Semaphore(size);
    this.size = size;
  }

  boolean enter() {
    boolean entered = places.tryAcquire();
    if (!entered) {
      rejected.incrementAndGet();
    }
    return entered;
  }

  void leave() {
    places.release();
  }

  int inside() {
    return size - places.availablePermits();
  }

  long rejected() {
    return rejected.get();
  }
}
