package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.PoolExhausted;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.policy.Presigning;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.ecdsa.Footprint;
import io.sharekeep.threshold.ecdsa.Presignature;
import io.sharekeep.threshold.wire.Octets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The presignatures of this process (protocols, section 4.6). Their secrets lie in one slab for
 * each key, on the signing thread that the key names, and die with the process; what is here
 * besides is public. At most {@value #MOST} for each key, and half of them for one coordinator.
 */
final class Stock {
  /** As many as one slab of 4 KiB holds. */
  static final int MOST = 32;

  private static final int MOST_OF_ONE = MOST / 2;
  private static final Duration LIFE = Duration.ofHours(1);

  /** For how long what was proposed is not proposed again. */
  private static final Duration PROPOSED = Duration.ofSeconds(30);

  private static final Duration FOR_EVER = Duration.ofDays(36500);

  private final KeyRing keys;
  private final PairRegister pairs;
  private final Presigning presigning;
  private final InstantSource clock;
  private final Map<KeyId, Shelf> shelves = new ConcurrentHashMap<>();
  private final Map<Octets, Held> held = new ConcurrentHashMap<>();
  private final Map<Octets, Instant> proposed = new ConcurrentHashMap<>();

  private record Held(KeyId key, Presignature presignature, int coordinator, Instant until) {}

  Stock(KeyRing keys, PairRegister pairs, Presigning presigning, InstantSource clock) {
    this.keys = keys;
    this.pairs = pairs;
    this.presigning = presigning;
    this.clock = clock;
  }

  /** Of which keys some are kept. */
  Presigning presigning() {
    return presigning;
  }

  /** Of all keys. */
  int size() {
    return held.size();
  }

  /** A key's memory; its methods are for the key's thread. */
  final class Shelf {
    private final KeyId key;
    private final SessionSlab slab;
    private final StepWork work;

    private Shelf(KeyId key, SessionSlab slab, StepWork work) {
      this.key = key;
      this.slab = slab;
      this.work = work;
    }

    /** What every step that makes or uses one of them works with. */
    StepWork work() {
      return work;
    }

    /**
     * Room for one more, held until it is filled or given back: what a round needs is there before
     * the round.
     *
     * @return empty where the key or that coordinator has enough
     */
    Optional<Place> place(int coordinator) {
      sweep();
      long own =
          held.values().stream()
              .filter(one -> one.key().equals(key) && one.coordinator() == coordinator)
              .count();
      return own >= MOST_OF_ONE || slab.remaining() < Footprint.presignature()
          ? Optional.empty()
          : Optional.of(new Place(this, slab.borrow(Footprint.presignature()), coordinator));
    }

    /** Wipes what cannot be used any more. */
    void sweep() {
      held.forEach((name, one) -> {
        if (one.key().equals(key) && !isUsable(one)) {
          held.remove(name);
          proposed.remove(name);
          one.presignature().close();
        }
      });
    }

    /**
     * Those, taken out: whoever has them spends or closes them.
     *
     * @return empty, and nothing is taken, unless all are there for those signers
     */
    Optional<List<Presignature>> take(List<Octets> names, List<PartyId> signers) {
      sweep();
      if (!has(key, names, signers)) {
        return Optional.empty();
      }
      return Optional.of(
          names.stream()
              .map(name -> Optional.ofNullable(held.remove(name)).orElseThrow().presignature())
              .toList());
    }
  }

  /** Room for one presignature. */
  final class Place implements Scratch {
    private final Shelf shelf;
    private final Scratch.Slab slab;
    private final int coordinator;
    private boolean filled;

    private Place(Shelf shelf, Scratch.Slab slab, int coordinator) {
      this.shelf = shelf;
      this.slab = slab;
      this.coordinator = coordinator;
    }

    StepWork work() {
      return shelf.work();
    }

    /** From now on the slab is the borrower's. */
    @Override
    public Slab borrow(long length) {
      if (filled || length != Footprint.presignature()) {
        throw new IllegalStateException("room for one presignature");
      }
      filled = true;
      return slab;
    }

    /** What fills it may be used from now on. */
    void put(Presignature presignature) {
      held.put(
          presignature.session(),
          new Held(shelf.key, presignature, coordinator, clock.instant().plus(LIFE)));
    }

    /** Gives back what was not filled. */
    void close() {
      if (!filled) {
        filled = true;
        slab.close();
      }
    }
  }

  /** The key's memory on its thread; empty where no slab is free. */
  Optional<Shelf> shelf(KeyId key, Workbench bench) {
    var known = shelves.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      var slab = bench.pool().session(SizeClass.K4, new CallerId("presignatures"), FOR_EVER);
      var made = new Shelf(key, slab, new StepWork(bench));
      shelves.put(key, made);
      return Optional.of(made);
    } catch (PoolExhausted e) {
      return Optional.empty();
    }
  }

  /** Wipes what cannot be used any more, and gives memory back that holds nothing. */
  void tidy(KeyId key) {
    var shelf = shelves.get(key);
    if (shelf != null) {
      shelf.sweep();
      if (shelf.slab.remaining() == shelf.slab.sizeClass().bytes()) {
        shelves.remove(key);
        shelf.slab.close();
      }
    }
  }

  /** Slabs that are lent to it. */
  int slabs() {
    return shelves.size();
  }

  private boolean isUsable(Held one) {
    var self = one.presignature().signers();
    return one.until().isAfter(clock.instant())
        && keys.find(one.key()).filter(key -> key.epoch() == one.presignature().epoch()).isPresent()
        && pairs
            .unusable(
                one.key(),
                self.stream().filter(party -> pairs.find(one.key(), party).isPresent()).toList())
            .isEmpty();
  }

  /** Whether all of them are there for those signers. */
  boolean has(KeyId key, List<Octets> names, List<PartyId> signers) {
    return names.stream()
        .allMatch(name ->
            Optional.ofNullable(held.get(name))
                .filter(one ->
                    one.key().equals(key)
                        && one.presignature().signers().equals(signers)
                        && isUsable(one))
                .isPresent());
  }

  /**
   * The oldest that this coordinator may propose for those signers, which it then does.
   *
   * @return empty unless there are so many
   */
  synchronized List<Octets> propose(KeyId key, List<PartyId> signers, int coordinator, int count) {
    var now = clock.instant();
    proposed.values().removeIf(until -> !until.isAfter(now));
    var found =
        fresh(key, signers, coordinator).stream()
            .sorted(Comparator.comparing(Held::until))
            .limit(count)
            .map(one -> one.presignature().session())
            .toList();
    if (found.size() < count) {
      return List.of();
    }
    found.forEach(name -> proposed.put(name, now.plus(PROPOSED)));
    return found;
  }

  /** How many that coordinator may still propose for those signers. */
  int count(KeyId key, List<PartyId> signers, int coordinator) {
    return fresh(key, signers, coordinator).size();
  }

  private List<Held> fresh(KeyId key, List<PartyId> signers, int coordinator) {
    return held.values().stream()
        .filter(one ->
            one.key().equals(key)
                && one.coordinator() == coordinator
                && one.presignature().signers().equals(signers)
                && !proposed.containsKey(one.presignature().session())
                && isUsable(one))
        .toList();
  }
}
