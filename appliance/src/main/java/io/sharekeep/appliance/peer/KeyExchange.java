package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyStatements;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows peers what this party holds about key generations that are not decided yet and takes what
 * they hold, again and again, until every key is (protocols, section 5.2).
 */
final class KeyExchange implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyExchange.class);
  private static final long PERIOD_MILLIS = 5_000;
  private static final int TURNS_AT_ONCE = 3;

  private final Enclave enclave;
  private final int self;
  private final Roster roster;
  private final ExecutorService executor;
  private volatile boolean closed;

  KeyExchange(Enclave enclave, int self, Roster roster, ExecutorService executor) {
    this.enclave = enclave;
    this.self = self;
    this.roster = roster;
    this.executor = executor;
  }

  void start() {
    executor.execute(() -> {
      while (!closed) {
        try {
          // The first turn comes soon after start: a restart may be what a key waits for.
          // Jitter keeps a committee that started together from asking in step.
          Thread.sleep(ThreadLocalRandom.current().nextLong(PERIOD_MILLIS / 5, PERIOD_MILLIS));
        } catch (InterruptedException e) {
          return;
        }
        try {
          exchange(_ -> true);
        } catch (RuntimeException e) {
          // Nothing is lost by a failed turn: statements are durable and asked for again.
          LOG.error("asking peers about undecided keys failed", e);
        }
      }
    });
  }

  /**
   * Asks for one key at once. A first turn may bring the certificates and a second the statements
   * that follow from them.
   */
  void now(KeyId key) {
    for (int turn = 0; turn < TURNS_AT_ONCE && undecided(key); turn++) {
      exchange(key::equals);
    }
  }

  private boolean undecided(KeyId key) {
    return enclave.undecided().stream().anyMatch(ours -> ours.key().equals(key));
  }

  private void exchange(Predicate<KeyId> which) {
    for (var ours : enclave.undecided()) {
      if (which.test(ours.key())) {
        exchange(ours);
      }
    }
  }

  private void exchange(KeyStatements ours) {
    var peers =
        enclave
            .key(ours.key())
            .flatMap(key ->
                enclave.documents().committees().stream()
                    .filter(c -> c.hash().equals(key.committee()))
                    .findFirst())
            .map(Documents.Committee::parties)
            .orElse(java.util.List.of());
    var asked = new ArrayList<Future<Answer<KeyStatements>>>();
    for (var peer : peers) {
      if (peer.id() != self) {
        asked.add(executor.submit(() -> roster.party(peer).exchange(ours)));
      }
    }
    for (var future : asked) {
      try {
        if (future.get() instanceof Answer.Received<KeyStatements>(var theirs)
            && theirs.key().equals(ours.key())) {
          var _ = enclave.exchange(theirs);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException e) {
        throw new IllegalStateException("asking a peer failed", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
