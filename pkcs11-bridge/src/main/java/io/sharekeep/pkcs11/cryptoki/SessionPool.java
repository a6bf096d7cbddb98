package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Idle sessions of one token, read-only ones. A session has one user at a time, and comes back only
 * from a call without error: after one, an operation may still be active in it, and PKCS#11 2.40
 * has no way to cancel.
 */
final class SessionPool {
  private final Library library;
  private final boolean readWriteOnly;
  private final Deque<Long> idle = new ConcurrentLinkedDeque<>();

  SessionPool(Library library, boolean readWriteOnly) {
    this.library = library;
    this.readWriteOnly = readWriteOnly;
  }

  /** An idle session of the present epoch, or a new one. */
  long take(long slot) {
    var session = idle.pollFirst();
    return session != null ? session : open(slot, false);
  }

  void give(long session) {
    idle.addFirst(session);
  }

  long open(long slot, boolean readWrite) {
    try (var arena = Arena.ofConfined()) {
      var session = arena.allocate(JAVA_LONG);
      long flags = Ck.CKF_SERIAL_SESSION | (readWrite || readWriteOnly ? Ck.CKF_RW_SESSION : 0);
      synchronized (library.sessions()) {
        library.functions().openSession(slot, flags, session);
      }
      return session.get(JAVA_LONG, 0);
    }
  }

  void close(long session) {
    try {
      synchronized (library.sessions()) {
        library.functions().closeSession(session);
      }
    } catch (CkException e) {
      // It is closed: somebody else or the token itself was faster.
    }
  }

  /** Closes those that nobody uses, for a token that has no more of them. */
  void closeIdle() {
    for (var session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
      close(session);
    }
  }

  /** Drops all without closing them, because what they were is over. */
  void forget() {
    idle.clear();
  }
}
