package io.sharekeep.appliance.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each of the last requests has come: ids, numbers of parties and rounds, and fixed words;
 * nothing of what is signed, and nothing secret. Bounded in memory. Safe for any thread.
 */
public final class Progress {
  /** Requests that are remembered; more than a listener works on at once. */
  private static final int REQUESTS = 512;

  /** Six rounds among sixteen parties, twice; what comes later is not told but for the end. */
  private static final int EVENTS = 256;

  private final Map<String, List<Event>> requests = new LinkedHashMap<>();
  private final Map<String, Set<Runnable>> watchers = new ConcurrentHashMap<>();

  /** What has happened to a request. */
  public sealed interface Event {
    /** A session was proposed to these parties; after a party was lost, another one may be. */
    record Begun(int rounds, SortedSet<Integer> parties) implements Event {
      public Begun {
        parties = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(parties));
      }
    }

    /** A party's part in a round. */
    record Step(int round, int party, Stage stage) implements Event {}

    /**
     * Nothing follows.
     *
     * @param word the kind of outcome, or the code of the refusal
     */
    record Ended(String word) implements Event {}
  }

  /** Where a party is with a round. */
  public enum Stage {
    /** The round's message is on its way to it. */
    ASKED,
    /** It has sent its own. */
    ANSWERED,
    /** It says that the request has ended. */
    FINISHED,
    /** It will not. */
    REFUSED,
    /** No usable answer came. */
    LOST
  }

  void note(String requestId, Event event) {
    synchronized (this) {
      var events = requests.get(requestId);
      if (events == null || events.getLast() instanceof Event.Ended) {
        // Asked again for what has ended, it begins anew.
        requests.remove(requestId);
        if (requests.size() >= REQUESTS) {
          requests.remove(requests.keySet().iterator().next());
        }
        events = new ArrayList<>();
        requests.put(requestId, events);
      }
      if (events.size() >= EVENTS && !(event instanceof Event.Ended)) {
        return;
      }
      events.add(event);
    }
    watchers.getOrDefault(requestId, Set.of()).forEach(Runnable::run);
  }

  /**
   * What has happened after the first so many events, which is nothing if there were not so many.
   */
  public synchronized List<Event> after(String requestId, int many) {
    var events = requests.getOrDefault(requestId, List.of());
    return many >= events.size() ? List.of() : List.copyOf(events.subList(many, events.size()));
  }

  /**
   * Tells of news about a request, also of one that has not come yet.
   *
   * @param news short and quick; it may be told once too often
   */
  public void watch(String requestId, Runnable news) {
    watchers.compute(
        requestId,
        (_, those) -> {
          var all = those == null ? ConcurrentHashMap.<Runnable>newKeySet() : those;
          all.add(news);
          return all;
        });
  }

  public void unwatch(String requestId, Runnable news) {
    watchers.computeIfPresent(
        requestId,
        (_, those) -> {
          those.remove(news);
          return those.isEmpty() ? null : those;
        });
  }

  /** Requests that somebody watches. */
  int watched() {
    return watchers.size();
  }
}
