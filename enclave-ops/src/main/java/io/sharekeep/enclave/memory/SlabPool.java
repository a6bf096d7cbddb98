package io.sharekeep.enclave.memory;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One signing thread's secret memory: slabs made at start by the thread that owns them, lent, wiped
 * and lent again. Every method but {@link #stats} is for that thread only.
 */
public final class SlabPool implements AutoCloseable {
  private final SecretMode mode;
  private final LongSupplier nanoClock;
  private final Wiper wiper;
  private final Thread owner = Thread.currentThread();
  private final Arena arena = Arena.ofConfined();
  private final List<Mapping> mappings = new ArrayList<>();
  private final List<Shelf> shelves = new ArrayList<>();
  private final Set<SessionSlab> sessions = new LinkedHashSet<>();
  private final MemorySegment shareMemory;
  private final ShareGuard shareGuard;
  private final Optional<ShareWatch> watch;
  private final Region resident;
  private final Optional<MemorySegment> workMemory;
  private volatile @Nullable ShareLease openShare;
  private @Nullable WorkLease openWork;
  private final LongAdder sessionCount = new LongAdder();
  private final LongAdder shareCount = new LongAdder();
  private final LongAdder exhausted = new LongAdder();

  private SlabPool(
      SecretMode mode,
      PoolSizes sizes,
      LongSupplier nanoClock,
      Wiper wiper,
      Optional<ShareWatch> watch)
      throws SecretMemoryUnavailable {
    this.watch = watch;
    this.mode = mode;
    this.nanoClock = nanoClock;
    this.wiper = wiper;
    try {
      for (var size : SizeClass.values()) {
        var shelf = new Shelf(size, sizes.count(size));
        for (int i = 0; i < sizes.count(size); i++) {
          shelf.stock(map(size.bytes()));
        }
        shelves.add(shelf);
      }
      this.shareMemory = map(PoolSizes.SHARE_BYTES);
      this.shareGuard = new ShareGuard(mappings.getLast());
      this.resident = new Region(map(PoolSizes.RESIDENT_BYTES), wiper);
      this.workMemory = sizes.work() == 0 ? Optional.empty() : Optional.of(map(sizes.work()));
    } catch (SecretMemoryUnavailable e) {
      unmap();
      throw e;
    }
    watch.ifPresent(watching -> watching.add(shareGuard));
  }

  /**
   * Maps all slabs, for the calling thread.
   *
   * @throws SecretMemoryUnavailable when the host does not give them; nothing is left mapped
   */
  public static SlabPool open(SecretMode mode, PoolSizes sizes) throws SecretMemoryUnavailable {
    return open(mode, sizes, System::nanoTime);
  }

  /**
   * As above, by a clock of the caller's.
   *
   * @param nanoClock by which a session is idle
   */
  public static SlabPool open(SecretMode mode, PoolSizes sizes, LongSupplier nanoClock)
      throws SecretMemoryUnavailable {
    return open(mode, sizes, nanoClock, Wiper.explicitBzero());
  }

  /**
   * As above, with a share that is wiped when it lies open for too long.
   *
   * @param watch outlives the pool
   */
  public static SlabPool open(
      SecretMode mode, PoolSizes sizes, LongSupplier nanoClock, ShareWatch watch)
      throws SecretMemoryUnavailable {
    return new SlabPool(mode, sizes, nanoClock, Wiper.explicitBzero(), Optional.of(watch));
  }

  static SlabPool open(SecretMode mode, PoolSizes sizes, LongSupplier nanoClock, Wiper wiper)
      throws SecretMemoryUnavailable {
    return new SlabPool(mode, sizes, nanoClock, wiper, Optional.empty());
  }

  private MemorySegment map(long bytes) throws SecretMemoryUnavailable {
    var mapping = Mapping.map(mode, PoolSizes.pages(bytes));
    mappings.add(mapping);
    return mapping.data(arena);
  }

  /**
   * Lends a slab for one session. A full class gives the next larger one.
   *
   * @param idleCap how long nobody may touch it before it {@linkplain SessionSlab#isIdle is idle}
   * @throws PoolExhausted when the caller holds its quarter of the class, or nothing is free
   */
  public SessionSlab session(SizeClass size, CallerId caller, Duration idleCap)
      throws PoolExhausted {
    checkOpen();
    var slot = take(size, caller);
    var session = new SessionSlab(this, slot, caller, idleCap);
    sessions.add(session);
    sessionCount.increment();
    return session;
  }

  /** The smallest class that is large enough and has one left. */
  private Shelf.Slot take(SizeClass wanted, CallerId caller) throws PoolExhausted {
    for (var shelf : shelves) {
      if (shelf.size().bytes() < wanted.bytes()) {
        continue;
      }
      // A larger slab does not get a caller around its quota.
      if (shelf.isQuotaUsedUp(caller)) {
        exhausted.increment();
        throw new PoolExhausted(
            PoolExhausted.Why.QUOTA, "this caller holds its share of the slabs of " + shelf.size());
      }
      var slot = shelf.take(caller);
      if (slot.isPresent()) {
        return slot.get();
      }
    }
    exhausted.increment();
    throw new PoolExhausted(
        PoolExhausted.Why.CAPACITY, "no session slab of " + wanted + " or larger is free");
  }

  /**
   * Lends the one share slab of this thread for one round.
   *
   * @throws PoolExhausted when it is lent: a thread runs one step at a time, so that is a bug
   */
  public ShareLease share() throws PoolExhausted {
    checkOpen();
    if (openShare != null) {
      exhausted.increment();
      throw new PoolExhausted(PoolExhausted.Why.CAPACITY, "this thread's share lease is open");
    }
    shareCount.increment();
    var lease = new ShareLease(this, new Region(shareMemory, wiper));
    shareGuard.opened(System.nanoTime());
    openShare = lease;
    return lease;
  }

  /**
   * Lends the one work slab of this thread for one step.
   *
   * @throws PoolExhausted when it is lent: a thread runs one step at a time, so that is a bug
   * @throws IllegalStateException when the pool has none
   */
  public WorkLease work() throws PoolExhausted {
    checkOpen();
    if (openWork != null) {
      exhausted.increment();
      throw new PoolExhausted(PoolExhausted.Why.CAPACITY, "this thread's work memory is lent");
    }
    var lease =
        new WorkLease(
            this,
            new Region(
                workMemory.orElseThrow(
                    () -> new IllegalStateException("this pool has no work memory")),
                wiper));
    openWork = lease;
    return lease;
  }

  /** Whether it has slabs of that class or a larger one, lent or not. */
  public boolean has(SizeClass size) {
    return shelves.stream().anyMatch(s -> s.size().bytes() >= size.bytes() && s.total() > 0);
  }

  /** Bytes that {@link #work} lends. */
  public long workBytes() {
    return workMemory.map(MemorySegment::byteSize).orElse(0L);
  }

  /** Memory for what lives as long as the thread, its random generator's state: 4 KiB in all. */
  public Scratch resident() {
    return resident::borrow;
  }

  public SecretMode mode() {
    return mode;
  }

  /** From any thread. */
  public PoolStats stats() {
    var lentNow = new EnumMap<SizeClass, Integer>(SizeClass.class);
    var total = new EnumMap<SizeClass, Integer>(SizeClass.class);
    for (var shelf : shelves) {
      lentNow.put(shelf.size(), shelf.lent());
      total.put(shelf.size(), shelf.total());
    }
    return new PoolStats(
        lentNow,
        total,
        openShare != null,
        sessionCount.sum(),
        shareCount.sum(),
        exhausted.sum(),
        wiper.failures());
  }

  Region region(Shelf.Slot slot) {
    return new Region(slot.whole(), wiper);
  }

  long now() {
    return nanoClock.getAsLong();
  }

  /** After a wipe that was checked; a slab whose wipe failed never comes here. */
  void giveBack(SessionSlab session, Shelf.Slot slot) {
    sessions.remove(session);
    for (var shelf : shelves) {
      if (shelf.size() == slot.size()) {
        shelf.giveBack(session.caller(), slot);
      }
    }
  }

  void giveBackShare() {
    shareGuard.closed();
    openShare = null;
  }

  void giveBackWork() {
    openWork = null;
  }

  boolean isShareOverdue() {
    return shareGuard.isOverdue();
  }

  private void checkOpen() {
    if (!Thread.currentThread().equals(owner)) {
      throw new WrongThreadException("this slab pool belongs to the thread " + owner.getName());
    }
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  /** Wipes whatever is lent and unmaps. A second call does nothing. */
  @Override
  public void close() {
    if (!Thread.currentThread().equals(owner)) {
      throw new WrongThreadException("this slab pool belongs to the thread " + owner.getName());
    }
    if (arena.scope().isAlive()) {
      List.copyOf(sessions).forEach(SessionSlab::close);
      var lease = openShare;
      if (lease != null) {
        lease.end();
      }
      var work = openWork;
      if (work != null) {
        work.close();
      }
      resident.close();
      watch.ifPresent(watching -> watching.remove(shareGuard));
      shareGuard.unmapped();
      unmap();
    }
  }

  private void unmap() {
    arena.close();
    mappings.forEach(Mapping::unmap);
  }
}
