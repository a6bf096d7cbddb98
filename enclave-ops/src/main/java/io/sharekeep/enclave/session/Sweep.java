package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.store.Sessions.SessionRow;
import io.sharekeep.enclave.store.Transaction;
import java.util.HexFormat;

/**
 * Ends what an older process left open. Its nonces died with it, so nothing is resumed: a signing
 * session is lost; what it reserved is given back only where it never reached its last round. A key
 * that is pending stays pending and asks on.
 */
final class Sweep {
  private static final String REASON = "the appliance stopped while the session was open";

  private Sweep() {}

  static void run(Transaction tx, Desk desk) {
    for (var session : desk.sessions().orphans(tx, desk.boot().toArray())) {
      boolean pending =
          session.sid().isPresent()
              && desk.keyRecords().ofSession(tx, session.sid().get()).isPresent();
      if (pending) {
        continue;
      }
      desk.sessions().end(tx, session.id(), "lost");
      release(tx, desk, session);
      desk.requests()
          .finish(
              tx,
              session.requestId(),
              OutcomeCodec.encode(new Outcome.Lost(session.requestId(), REASON)));
      desk.log()
          .append(
              tx,
              new Entry.Lost(
                  HexFormat.of().formatHex(session.id()), session.requestId(), REASON, 0));
    }
    new Docket(desk).expire(tx, desk.clock().instant());
  }

  /** Of a session that reached its last round nothing is reserved any more: that is spent. */
  private static void release(Transaction tx, Desk desk, SessionRow session) {
    desk.requests()
        .find(tx, session.requestId())
        .ifPresent(request -> desk.books().judge().release(tx, Judge.decision(request.digest())));
  }
}
