package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sealed channels to all other parties of a session. */
public final class Channels implements AutoCloseable {
  private static final int ROUND_ONE = 1;

  private final SortedMap<PartyId, Sealing> byPeer;

  private Channels(SortedMap<PartyId, Sealing> byPeer) {
    this.byPeer = byPeer;
  }

  /**
   * Agrees with each party that has broadcast in round 1, once the session id is fixed.
   *
   * @param ephemeral the own X25519 secret, lent for this call
   * @return an abort that names who sent a key of small order
   */
  public static Step<Channels> agree(
      Primitives primitives,
      Scratch scratch,
      Endpoint endpoint,
      Map<PartyId, DkgCommitment> commitments,
      MemorySegment ephemeral) {
    var channels = new Channels(new TreeMap<>());
    var faulty = new ArrayList<PartyId>();
    try {
      var session = endpoint.session().orElseThrow();
      var self = side(endpoint, commitments, endpoint.self());
      for (var peer : commitments.keySet()) {
        if (!peer.equals(endpoint.self())) {
          Sealing.agree(
                  primitives, scratch, ephemeral, session, self, side(endpoint, commitments, peer))
              .ifPresentOrElse(
                  sealing -> channels.byPeer.put(peer, sealing), () -> faulty.add(peer));
        }
      }
    } catch (RuntimeException | Error failure) {
      channels.close();
      throw failure;
    }
    if (faulty.isEmpty()) {
      return new Step.Advanced<>(channels);
    }
    channels.close();
    return new Step.Aborted<>(Fault.BAD_ENCODING, faulty);
  }

  /** Ascending. */
  public List<PartyId> peers() {
    return List.copyOf(byPeer.keySet());
  }

  public Sealing to(PartyId peer) {
    var sealing = byPeer.get(peer);
    if (sealing == null) {
      throw new IllegalArgumentException("no channel to " + peer);
    }
    return sealing;
  }

  /** Wipes the keys. */
  @Override
  public void close() {
    byPeer.values().forEach(Sealing::close);
  }

  private static Sealing.Side side(
      Endpoint endpoint, Map<PartyId, DkgCommitment> commitments, PartyId party) {
    var commitment = commitments.get(party);
    var envelope = endpoint.accepted(ROUND_ONE).get(party);
    if (commitment == null || envelope == null) {
      throw new IllegalStateException("round 1 holds nothing of " + party);
    }
    return new Sealing.Side(party, commitment.ephemeralKey(), envelope.hash());
  }
}
