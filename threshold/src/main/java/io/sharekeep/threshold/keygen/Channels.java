package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Sealing;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sealed channels to all other parties of a session. */
final class Channels implements AutoCloseable {
  private final SortedMap<PartyId, Sealing> byPeer;

  private Channels(SortedMap<PartyId, Sealing> byPeer) {
    this.byPeer = byPeer;
  }

  /**
   * @param ephemeral the own X25519 secret, lent for this call
   * @return an abort that names who sent a key of small order
   */
  static Step<Channels> agree(
      Means means,
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
                  means.primitives(),
                  means.scratch(),
                  ephemeral,
                  session,
                  self,
                  side(endpoint, commitments, peer))
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

  List<PartyId> peers() {
    return List.copyOf(byPeer.keySet());
  }

  Sealing to(PartyId peer) {
    var sealing = byPeer.get(peer);
    if (sealing == null) {
      throw new IllegalArgumentException("no channel to " + peer);
    }
    return sealing;
  }

  @Override
  public void close() {
    byPeer.values().forEach(Sealing::close);
  }

  private static Sealing.Side side(
      Endpoint endpoint, Map<PartyId, DkgCommitment> commitments, PartyId party) {
    var commitment = commitments.get(party);
    var envelope = endpoint.accepted(Ceremony.COMMIT).get(party);
    if (commitment == null || envelope == null) {
      throw new IllegalStateException("round 1 holds nothing of " + party);
    }
    return new Sealing.Side(party, commitment.ephemeralKey(), envelope.hash());
  }
}
