package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Documents;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The parties of the committees and what is known of their being there. Safe for any thread. */
final class Roster implements AutoCloseable {
  /** How long "it answered just now" is believed: hardly, since a request is spent on it. */
  private static final Duration PRESENT = Duration.ofMillis(250);

  /** How long "it is away" is believed, so that one dead host does not slow every request. */
  private static final Duration ABSENT = Duration.ofSeconds(2);

  private final int self;
  private final Party local;
  private final Function<String, HttpClient> clients;
  private final int maxBytes;
  private final PeerTimeouts timeouts;
  private final ExecutorService executor;
  private final LongSupplier ticker;
  private final Map<Address, RemoteParty> remotes = new ConcurrentHashMap<>();
  private final Map<Address, Sighting> sightings = new ConcurrentHashMap<>();
  private final Set<Address> sought = ConcurrentHashMap.newKeySet();

  /**
   * @param clients makes a client that trusts the key of that pin alone
   * @param ticker nanoseconds, by which an answer is fresh
   */
  Roster(
      int self,
      Party local,
      Function<String, HttpClient> clients,
      int maxBytes,
      PeerTimeouts timeouts,
      ExecutorService executor,
      LongSupplier ticker) {
    this.self = self;
    this.local = local;
    this.clients = clients;
    this.maxBytes = maxBytes;
    this.timeouts = timeouts;
    this.executor = executor;
    this.ticker = ticker;
  }

  private record Address(String url, String tlsPin) {}

  private record Sighting(long nanoTime, Optional<String> absence) {
    boolean isFresh(long now) {
      var life = absence.isEmpty() ? PRESENT : ABSENT;
      return now - nanoTime < life.toNanos();
    }
  }

  /**
   * Who is there.
   *
   * @param absent party → why
   */
  record Presence(Set<Integer> present, SortedMap<Integer, String> absent) {}

  Party party(Documents.Party party) {
    if (party.id() == self) {
      return local;
    }
    return remotes.computeIfAbsent(
        new Address(party.url(), party.tlsPin()),
        address ->
            new RemoteParty(
                clients.apply(address.tlsPin()), URI.create(address.url()), maxBytes, timeouts));
  }

  /**
   * Asks every party whose last answer is not fresh, all at once; who was away is waited for only
   * if {@code again}.
   *
   * @param again whether parties that were away a moment ago are asked again
   */
  Presence presence(Documents.Committee committee, boolean again) {
    var asked = new TreeMap<Integer, Future<Optional<String>>>();
    for (var party : committee.parties()) {
      asked.put(party.id(), executor.submit(() -> absence(party, again)));
    }
    var present = new TreeSet<Integer>();
    var absent = new TreeMap<Integer, String>();
    asked.forEach((id, future) ->
        join(future).ifPresentOrElse(why -> absent.put(id, why), () -> present.add(id)));
    return new Presence(present, absent);
  }

  /** Notes what a round has just shown. */
  void saw(Documents.Party party, Answer<?> answer) {
    var absence =
        switch (answer) {
          case Answer.Received<?> _ -> Optional.<String>empty();
          case Answer.Refused<?> _ -> Optional.<String>empty();
          case Answer.Unreachable<?>(var why, var _) -> Optional.of(why);
        };
    sightings.put(address(party), new Sighting(ticker.getAsLong(), absence));
  }

  /** Peer id → whether it was there when last asked; without this party itself. */
  SortedMap<Integer, Boolean> up(Documents documents) {
    var up = new TreeMap<Integer, Boolean>();
    for (var committee : documents.committees()) {
      for (var party : committee.parties()) {
        if (party.id() != self) {
          var sighting = sightings.get(address(party));
          up.put(party.id(), sighting != null && sighting.absence().isEmpty());
        }
      }
    }
    return up;
  }

  private Optional<String> absence(Documents.Party party, boolean again) {
    var last = sightings.get(address(party));
    if (last == null || party.id() == self) {
      return look(party);
    }
    if (last.absence().isPresent() && !again) {
      // Who was away is looked for beside the request: one that hangs must not slow all the others.
      if (!last.isFresh(ticker.getAsLong())) {
        lookMeanwhile(party);
      }
      return last.absence();
    }
    return last.absence().isEmpty() && last.isFresh(ticker.getAsLong())
        ? Optional.empty()
        : look(party);
  }

  private void lookMeanwhile(Documents.Party party) {
    var address = address(party);
    if (sought.add(address)) {
      executor.execute(() -> {
        try {
          var _ = look(party);
        } finally {
          sought.remove(address);
        }
      });
    }
  }

  private Optional<String> look(Documents.Party party) {
    var absence =
        switch (party(party).operational()) {
          case Answer.Received<Boolean>(var operational) ->
              operational ? Optional.<String>empty() : Optional.of("it is not operational");
          case Answer.Refused<Boolean>(var refusal) -> Optional.of(refusal.detail());
          case Answer.Unreachable<Boolean>(var why, var _) -> Optional.of(why);
        };
    sightings.put(address(party), new Sighting(ticker.getAsLong(), absence));
    return absence;
  }

  private static Address address(Documents.Party party) {
    return new Address(party.url(), party.tlsPin());
  }

  private static Optional<String> join(Future<Optional<String>> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("this appliance is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking a party failed", e.getCause());
    }
  }

  @Override
  public void close() {
    remotes.values().forEach(RemoteParty::close);
  }
}
