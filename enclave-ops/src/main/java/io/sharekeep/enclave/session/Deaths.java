package io.sharekeep.enclave.session;

import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.store.OtMarks.Mark;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the last process was doing with its pairs when it died. That alone burns nothing, since no
 * verdict has left it; but who could make it die at will would learn as much as by verdicts.
 */
final class Deaths {
  /** Kinds of sessions that run code of oblivious transfer. */
  private static final Set<String> SIGNING = Set.of("ecdsa-sign", "presign");

  private Deaths() {}

  /**
   * Counts them, before the sessions of that process are swept.
   *
   * @param limit so many and a pair needs new keys
   */
  static void count(Transaction tx, Desk desk, int limit) {
    var statuses = desk.pairRows().all(tx);
    for (var mark : marks(tx, desk, statuses)) {
      for (int peer : mark.peers()) {
        statuses.stream()
            .filter(pair ->
                pair.keyId().equals(mark.key())
                    && pair.epoch() == mark.epoch()
                    && pair.peer() == peer)
            .forEach(pair -> died(tx, desk, pair, limit));
      }
    }
  }

  /** After a crash of the host nothing is known, so every open session counts for all its pairs. */
  private static List<Mark> marks(Transaction tx, Desk desk, List<PairStatus> statuses) {
    if (!desk.marks().hostRestarted()) {
      return desk.marks().left();
    }
    var marks = new ArrayList<Mark>();
    for (var session : desk.sessions().orphans(tx, desk.boot().toArray())) {
      if (SIGNING.contains(session.kind())) {
        marks.add(
            new Mark(
                session.keyId(),
                session.epoch(),
                statuses.stream()
                    .filter(pair -> pair.keyId().equals(session.keyId()))
                    .map(PairStatus::peer)
                    .toList()));
      }
    }
    return marks;
  }

  private static void died(Transaction tx, Desk desk, PairStatus pair, int limit) {
    desk.pairRows().died(tx, pair.keyId(), pair.epoch(), pair.peer(), limit);
    int deaths =
        desk.pairRows()
            .find(tx, pair.keyId(), pair.epoch(), pair.peer())
            .map(row -> row.status().deaths())
            .orElseThrow();
    desk.log()
        .append(
            tx,
            new Entry.PairDied(pair.keyId(), pair.epoch(), pair.peer(), pair.generation(), deaths));
  }
}
