package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.store.KeyRecords.SealRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.enclave.vault.Kek;
import io.sharekeep.enclave.vault.KekUsedUp;
import io.sharekeep.enclave.vault.KeyRecord;
import io.sharekeep.pkcs11.terms.TokenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Sees to it that every record has a seal under the newest kek of each token and under no retired
 * one: after a rotation, and after a token was away while a key was made. It works in the
 * background, a few records at a time, each few in one transaction with their log entries; what a
 * record still lacks shows in the record, so there is nothing to resume.
 */
final class Resealing implements AutoCloseable {
  /** A signing thread is held for so many records at once. */
  private static final int BATCH = 8;

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Desk desk;
  private final SigningThread thread;
  private final Semaphore wanted = new Semaphore(0);
  private Optional<Thread> worker = Optional.empty();
  private final Set<KeyId> refused = ConcurrentHashMap.newKeySet();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closing;

  /**
   * @param thread opens and seals; sessions on it wait for a batch at most
   */
  Resealing(Desk desk, SigningThread thread) {
    this.desk = desk;
    this.thread = thread;
  }

  /**
   * Begins.
   *
   * @param broken is told of a share that is not its record's, or of a store that fails
   */
  void start(Consumer<RuntimeException> broken) {
    worker = Optional.of(Thread.ofPlatform().name("resealing").start(() -> work(broken)));
  }

  /** Looks at once. */
  void wake() {
    wanted.release();
  }

  /** Why it does not go on, if it does not. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Records that are not sealed as they are to be. */
  long incomplete() {
    return desk.keys().all().stream().filter(key -> !plan(key.record()).isDone()).count();
  }

  /**
   * What a record needs.
   *
   * @param add keks under which it is to be sealed and whose token is there
   * @param away how many more there are whose token is not
   * @param remove retired keks that are to open it no more, once it has all of {@code add}
   */
  private record Plan(List<Kek> add, long away, Set<String> remove) {
    boolean isDone() {
      return isIdle() && away == 0;
    }

    boolean isIdle() {
      return add.isEmpty() && remove.isEmpty();
    }
  }

  private Plan plan(KeyRecord record) {
    var keks = desk.vault().keks();
    var missing = keks.current().stream().filter(kek -> !record.isSealedUnder(kek.id())).toList();
    var add = missing.stream().filter(kek -> kek.home().isFit()).toList();
    var remove =
        keks.all().stream()
            .filter(kek -> record.isSealedUnder(kek.id()))
            .filter(kek -> {
              var newest = keks.current(kek.home().role()).orElse(kek);
              return !newest.equals(kek)
                  && (record.isSealedUnder(newest.id()) || add.contains(newest));
            })
            .map(Kek::id)
            .collect(Collectors.toSet());
    return new Plan(add, missing.size() - add.size(), remove);
  }

  private void work(Consumer<RuntimeException> broken) {
    try {
      while (!closing) {
        boolean more = pass(BATCH);
        if (!more) {
          var pause = trouble.isPresent() ? PAUSE_AFTER_TROUBLE : PAUSE;
          if (wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            wanted.drainPermits();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      trouble = Optional.of(String.valueOf(e.getMessage()));
      broken.accept(e);
    }
  }

  /**
   * Seals a few records anew.
   *
   * @param most how many
   * @return whether there may be more to do now
   */
  boolean pass(int most) {
    var keys =
        desk.keys().all().stream()
            .filter(key -> !refused.contains(key.id()) && !plan(key.record()).isIdle())
            .limit(most)
            .map(HeldKey::id)
            .toList();
    if (keys.isEmpty()) {
      trouble =
          refused.isEmpty()
              ? Optional.empty()
              : Optional.of("what is stored of these keys does not open: " + refused);
      return false;
    }
    try {
      boolean answered = thread.call(PATIENCE, bench -> batch(bench, keys)).orElse(false);
      trouble = answered ? Optional.empty() : Optional.of("the signing threads are busy");
      return answered;
    } catch (TokenException | KekUsedUp | ShareOverdue e) {
      trouble = Optional.of(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** One record's new seals, not stored yet. */
  private record Sealed(HeldKey key, List<SealRow> added, Set<String> removed, long openMicros) {}

  /** On the signing thread. */
  private boolean batch(Workbench bench, List<KeyId> keys) {
    var sealed = new ArrayList<Sealed>();
    for (var id : keys) {
      try {
        desk.keys().find(id).map(key -> sealed(bench, key)).ifPresent(sealed::add);
      } catch (TokenException.SealRejected e) {
        refused.add(id); // It keeps the seals that it has; the others must not wait for it.
      }
    }
    desk.store()
        .commit(tx -> {
          for (var record : sealed) {
            store(tx, record);
          }
          return keys;
        });
    // Committed: from here a crash finds these records sealed anew; the others are found by what
    // they lack.
    sealed.forEach(record ->
        desk.keys()
            .change(record.key().id(), held -> held.resealed(record.added(), record.removed())));
    return true;
  }

  private Sealed sealed(Workbench bench, HeldKey key) {
    var plan = plan(key.record());
    var added = new ArrayList<SealRow>();
    var open = new long[1];
    for (var kek : plan.add()) {
      try (var lease = bench.lease()) {
        added.add(
            desk.vault()
                .reseal(
                    key.record().resealed(added, Set.of()),
                    kek,
                    lease,
                    desk.group(key),
                    nanos -> open[0] += nanos));
      }
    }
    return new Sealed(key, added, plan.remove(), open[0] / 1000);
  }

  private void store(Transaction tx, Sealed record) {
    var key = record.key();
    var rows = desk.keyRecords();
    if (rows.find(tx, key.id(), key.epoch()).isEmpty()) {
      return; // It was withdrawn by all meanwhile.
    }
    for (var seal : record.added()) {
      if (!rows.seal(tx, key.id(), key.epoch(), seal)) {
        throw new IllegalStateException("key " + key.id() + " cannot take another seal");
      }
    }
    for (var kek : record.removed()) {
      if (!rows.unseal(tx, key.id(), key.epoch(), kek)) {
        throw new IllegalStateException("key " + key.id() + " would be left without a seal");
      }
    }
    var newest = record.added().isEmpty() ? newest(key) : record.added().getLast();
    desk.log()
        .append(
            tx,
            new Entry.KeyResealed(
                key.id(),
                key.epoch(),
                newest.kek(),
                newest.version(),
                List.copyOf(record.removed()),
                record.openMicros()));
  }

  private static SealRow newest(HeldKey key) {
    return key.record().seals().stream()
        .max(Comparator.comparingInt(SealRow::version))
        .orElseThrow();
  }

  /** Lets a batch that runs end. */
  @Override
  public void close() {
    closing = true;
    wake();
    try {
      if (worker.isPresent()) {
        worker.get().join(TimeUnit.SECONDS.toMillis(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
