package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.PartyId;
import java.util.SortedMap;

/** The echo (protocols.md, section 3.4): what a party saw of a broadcast round. */
public final class View {
  private View() {}

  /**
   * view_r over the broadcast envelopes of round {@code round}, the own one included.
   *
   * @param session the session id
   */
  public static Octets of(Octets session, int round, SortedMap<PartyId, SignedEnvelope> envelopes) {
    var hash = TaggedHash.of(Tag.VIEW).octets(session).integer(round).integer(envelopes.size());
    envelopes.forEach((party, envelope) -> hash.party(party).octets(envelope.hash()));
    return hash.digest();
  }
}
