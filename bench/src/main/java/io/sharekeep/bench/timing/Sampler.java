package io.sharekeep.bench.timing;

import java.util.SplittableRandom;

/** Times a subject with both kinds of operand, interleaved at random. */
final class Sampler {
  private static final int MIN_WARM_UP = 2_000;
  private static final int MAX_WARM_UP = 20_000;
  private static final long WARM_UP_NANOS = 500_000_000L;

  private final int samples;
  private final SplittableRandom order;

  /** Written and never read, so that every result counts as used. */
  @SuppressWarnings("UnusedVariable") // its writes are the point
  private volatile Object sink = this;

  /**
   * @param samples in all, of both kinds together
   */
  Sampler(int samples, long seed) {
    this.samples = samples;
    this.order = new SplittableRandom(seed);
  }

  /** The worst t of the subject. */
  double t(Subject subject) {
    int count = Math.min(samples, subject.most());
    int least = Math.min(MIN_WARM_UP, subject.most() / 4);
    long enough = System.nanoTime() + WARM_UP_NANOS;
    for (int i = 0; i < least || (i < MAX_WARM_UP && System.nanoTime() < enough); i++) {
      sample(subject, order.nextInt(2), i);
    }
    var nanos = new long[count];
    var kinds = new byte[count];
    order.nextBytes(kinds);
    for (int i = 0; i < count; i++) {
      kinds[i] &= 1;
      nanos[i] = sample(subject, kinds[i], i);
    }
    return WelchTest.worst(nanos, kinds);
  }

  private long sample(Subject subject, int kind, int slot) {
    subject.load(kind, slot);
    int repeats = subject.repeats();
    long began = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      sink = subject.operate();
    }
    long took = System.nanoTime() - began;
    subject.unload();
    return took;
  }
}
