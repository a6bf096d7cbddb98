package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.rules.Limit;
import io.sharekeep.enclave.rules.Limit.Measure;
import io.sharekeep.enclave.rules.Windows;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.Reservations;
import io.sharekeep.enclave.store.Reservations.Reservation;
import io.sharekeep.enclave.store.Reservations.State;
import io.sharekeep.enclave.store.Transaction;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What counts against every limit, exactly: the store's rows, and in memory the windows over them
 * (policy and intents, section 4). Deciding and reserving happen in one transaction on the store's
 * writer thread, which alone touches this, so that no two requests can use the same room.
 *
 * <p>A charge counts from the transaction that reserves it on, for as long as it is reserved:
 * approvals may take longer than a window. {@link #commit}, just before something leaves, begins
 * its window; {@link #release} takes it back. It stops counting in no other way: what a crash
 * leaves reserved is counted.
 */
public final class LimitLedger {
  /** A clock that stands back by so much is waited for; the time seen last is used meanwhile. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Reservations rows;
  private final Map<String, Limit> limits = new HashMap<>();
  private final Map<String, String> shapes = new HashMap<>();
  private final Map<Key, SpendingWindow> windows = new HashMap<>();

  /** Limits that counted something else before: full until what they counted then has ended. */
  private final Map<String, Long> fullUntil = new HashMap<>();

  /** The same limits: how many charges of what they counted then are reserved still. */
  private final Map<String, Integer> fullWhile = new HashMap<>();

  /** Decision → its charges that are reserved, and may still be taken back. */
  private final Map<String, List<Open>> open = new HashMap<>();

  /** The latest time seen, in milliseconds: windows never move back. */
  private long latest;

  private record Key(String limit, String bucket) {}

  /**
   * A charge that is reserved.
   *
   * @param changed reserved when the limit counted something else: in none of its windows
   */
  private record Open(
      Limit limit, String bucket, BigInteger amount, String destination, boolean changed) {}

  private LimitLedger(String tenant, List<Limit> limits) {
    this.rows = new Reservations(tenant);
    for (var limit : limits) {
      this.limits.put(limit.id(), limit);
      this.shapes.put(limit.id(), limit.shape());
    }
  }

  /** Reads what counts. A limit whose meaning has changed since is full until its window ends. */
  public static LimitLedger load(Reading from, String tenant, List<Limit> limits, Instant now) {
    var ledger = new LimitLedger(tenant, limits);
    var longest = Duration.ZERO;
    for (var limit : limits) {
      longest = limit.window().compareTo(longest) > 0 ? limit.window() : longest;
    }
    ledger.latest = ledger.rows.latest(from).toEpochMilli();
    ledger.rows.each(from, now.minus(longest), ledger::recall);
    return ledger;
  }

  private void recall(Reservation row) {
    var limit = limits.get(row.limit());
    if (limit == null) {
      return;
    }
    boolean changed = !row.shape().equals(shapes.get(row.limit()));
    var charge = new Open(limit, row.bucket(), row.amount(), row.destination(), changed);
    hold(charge);
    if (row.state() == State.RESERVED) {
      open.computeIfAbsent(row.decision(), _ -> new ArrayList<>()).add(charge);
    } else {
      settle(charge, row.at().toEpochMilli());
    }
  }

  private void hold(Open charge) {
    if (charge.changed()) {
      fullWhile.merge(charge.limit().id(), 1, Integer::sum);
    } else {
      window(charge).hold(charge.amount(), charge.destination());
    }
  }

  private void giveBack(Open charge) {
    if (charge.changed()) {
      fullWhile.computeIfPresent(charge.limit().id(), (_, count) -> count == 1 ? null : count - 1);
    } else {
      window(charge).giveBack(charge.amount(), charge.destination());
    }
  }

  /** What waits counts no more once it is signed; all else counts for its window from now on. */
  private void settle(Open charge, long time) {
    var limit = charge.limit();
    if (charge.changed() || limit.measure() == Measure.PENDING) {
      giveBack(charge);
    } else {
      window(charge).settle(time, charge.amount(), charge.destination());
    }
    if (charge.changed()) {
      fullUntil.merge(limit.id(), time + limit.window().toMillis(), Math::max);
    }
  }

  private SpendingWindow window(Open charge) {
    var limit = charge.limit();
    return windows.computeIfAbsent(
        new Key(limit.id(), charge.bucket()),
        _ ->
            new SpendingWindow(
                limit.window().toMillis(), limit.measure() == Measure.DISTINCT_DESTINATIONS));
  }

  /**
   * The windows as they stand now.
   *
   * @param tx the transaction in which the decision will be reserved
   * @throws ClockBehind if the clock stands more than five seconds before the latest decision
   */
  public Windows at(Transaction tx, Instant now) {
    long time = time(tx, now);
    return new Windows() {
      @Override
      public BigInteger spent(Limit limit, String bucket) {
        if (isFull(limit, time)) {
          return limit.most();
        }
        var window = windows.get(new Key(limit.id(), bucket));
        return window == null ? BigInteger.ZERO : window.spent(time);
      }

      @Override
      public int unseen(Limit limit, String bucket, Set<String> destinations) {
        var window = windows.get(new Key(limit.id(), bucket));
        if (window == null || isFull(limit, time)) {
          return destinations.size();
        }
        window.spent(time);
        return (int) destinations.stream().filter(address -> !window.holds(address)).count();
      }
    };
  }

  private boolean isFull(Limit limit, long time) {
    return fullWhile.containsKey(limit.id()) || fullUntil.getOrDefault(limit.id(), 0L) > time;
  }

  /**
   * Says that the clock stands more than five seconds before the latest time seen, if it does: no
   * decision can be made until it is set right.
   */
  public Optional<String> behind(Transaction tx, Instant now) {
    tx.commitNumber(); // One thread at a time is here.
    return now.toEpochMilli() < latest - PATIENCE.toMillis()
        ? Optional.of(
            "the clock stands at "
                + now
                + ", before the last decision of "
                + Instant.ofEpochMilli(latest)
                + ": set it right")
        : Optional.empty();
  }

  private long time(Transaction tx, Instant now) {
    behind(tx, now)
        .ifPresent(why -> {
          throw new ClockBehind(why);
        });
    latest = Math.max(latest, now.toEpochMilli());
    return latest;
  }

  /**
   * Takes the charges of a decision out of their windows, in the decision's own transaction: all of
   * them become durable with it, or none.
   *
   * @return false if that decision has charged before: nothing is charged twice
   * @throws IllegalArgumentException if one of them does not fit
   */
  public boolean reserve(Transaction tx, DecisionId decision, List<Charge> charges, Instant now) {
    if (rows.isKnown(tx, decision.hex())) {
      return false;
    }
    var at = Instant.ofEpochMilli(time(tx, now));
    var taken = new ArrayList<Open>();
    tx.onUndo(() -> {
      taken.forEach(this::giveBack);
      open.remove(decision.hex());
    });
    for (var charge : charges) {
      if (!charge.fits()) {
        throw new IllegalArgumentException("limit " + charge.limit().id() + " has no such room");
      }
      var destinations =
          charge.limit().measure() == Measure.DISTINCT_DESTINATIONS
              ? charge.destinations()
              : Set.of("");
      for (var destination : destinations) {
        var amount = destination.isEmpty() ? charge.amount() : BigInteger.ONE;
        rows.reserve(
            tx,
            new Reservation(
                decision.hex(),
                charge.limit().id(),
                charge.bucket(),
                destination,
                charge.limit().shape(),
                amount,
                State.RESERVED,
                at));
        var held = new Open(charge.limit(), charge.bucket(), amount, destination, false);
        hold(held);
        taken.add(held);
      }
    }
    open.put(decision.hex(), taken);
    return true;
  }

  /**
   * The decision is going to be used: what it reserved can never be taken back, and its window
   * begins now. To be durable before the first byte that could become a signature leaves.
   *
   * @param now where the clock stands back, the latest time seen counts
   * @return whether anything was reserved for it
   */
  public boolean commit(Transaction tx, DecisionId decision, Instant now) {
    tx.commitNumber(); // One thread at a time is here.
    long time = Math.max(latest, now.toEpochMilli());
    latest = time;
    return rows.commit(tx, decision.hex(), Instant.ofEpochMilli(time)) > 0
        && close(tx, decision, charge -> settle(charge, time));
  }

  /**
   * The decision has come to nothing: gives its room back. Only with durable proof that no byte
   * which could become a signature has left, such as a session that ended before its last round.
   *
   * @return whether anything was still reserved for it
   */
  public boolean release(Transaction tx, DecisionId decision) {
    return rows.release(tx, decision.hex()) > 0 && close(tx, decision, this::giveBack);
  }

  /** Windows change once that is on disk: until then it could still be undone. */
  private boolean close(Transaction tx, DecisionId decision, Consumer<Open> change) {
    var charges = open.remove(decision.hex());
    if (charges != null) { // else of limits that this policy does not have
      tx.onUndo(() -> open.put(decision.hex(), charges));
      tx.onDurable(() -> charges.forEach(change));
    }
    return true;
  }
}
