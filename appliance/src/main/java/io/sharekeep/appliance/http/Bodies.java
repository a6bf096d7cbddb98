package io.sharekeep.appliance.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * How many bytes of bodies a listener holds at once, read or still arriving; what would be more is
 * turned away before a byte of it is read. One that arrives slowly gives way to others. Safe for
 * any thread.
 */
final class Bodies {
  /** A body that has needed longer than this gives way where others have no place. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final LinkedHashSet<Body> arriving = new LinkedHashSet<>();
  private long free;

  /**
   * @param bytes all together, at least one whole body
   */
  Bodies(long bytes) {
    this.free = bytes;
  }

  /** A place for one body. */
  final class Body {
    private final int bytes;
    private final Runnable giveWay;
    private final long since = System.nanoTime();
    private boolean held = true;

    private Body(int bytes, Runnable giveWay) {
      this.bytes = bytes;
      this.giveWay = giveWay;
    }

    /** It is there whole, and gives way to nobody. */
    void arrived() {
      synchronized (Bodies.this) {
        arriving.remove(this);
      }
    }

    /** Nobody needs it any more; a second call does nothing. */
    void gone() {
      synchronized (Bodies.this) {
        arriving.remove(this);
        if (held) {
          held = false;
          free += bytes;
        }
      }
    }
  }

  /**
   * Takes a place.
   *
   * @param bytes what the body may have at most
   * @param giveWay ends the request; called at most once, later, from any thread
   * @return empty if there is none
   */
  Optional<Body> take(int bytes, Runnable giveWay) {
    var slow = new ArrayList<Body>();
    Optional<Body> taken = Optional.empty();
    synchronized (this) {
      long now = System.nanoTime();
      for (Iterator<Body> oldest = arriving.iterator(); free < bytes && oldest.hasNext(); ) {
        var body = oldest.next();
        if (now - body.since < SLOW.toNanos()) {
          break;
        }
        oldest.remove();
        body.held = false;
        free += body.bytes;
        slow.add(body);
      }
      if (free >= bytes) {
        free -= bytes;
        var body = new Body(bytes, giveWay);
        arriving.add(body);
        taken = Optional.of(body);
      }
    }
    slow.forEach(body -> body.giveWay.run());
    return taken;
  }
}
