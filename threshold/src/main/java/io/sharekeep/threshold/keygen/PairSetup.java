package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.ecdsa.PairAgreement;
import io.sharekeep.threshold.wire.Channels;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.FixedFields;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a party of an ECDSA key agrees with every other one, in messages to it alone that ride on
 * rounds 2 and 3. Of other keys there is nothing to agree.
 */
final class PairSetup implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final SortedMap<PartyId, PairAgreement> byPeer = new TreeMap<>();

  private PairSetup(Means means, Endpoint endpoint) {
    this.means = means;
    this.endpoint = endpoint;
  }

  /** Whether keys of this suite have it. */
  static boolean belongsTo(Suite suite) {
    return suite == Suite.DKLS23_SECP256K1;
  }

  static PairSetup of(Means means, Endpoint endpoint, List<PartyId> peers) {
    var setup = new PairSetup(means, endpoint);
    try {
      if (belongsTo(endpoint.context().suite())) {
        var session = endpoint.session().orElseThrow();
        for (var peer : peers) {
          setup.byPeer.put(peer, new PairAgreement(means, session, endpoint.self(), peer, 0));
        }
      }
      return setup;
    } catch (RuntimeException | Error failure) {
      setup.close();
      throw failure;
    }
  }

  /** The messages of round 2. */
  List<SignedEnvelope> offer(Channels channels) {
    var outbox = new ArrayList<SignedEnvelope>();
    byPeer.forEach((peer, agreement) -> {
      try (var payload = means.work().borrow(PairAgreement.OFFER.length())) {
        agreement.offer(payload.bytes());
        outbox.add(endpoint.seal(Ceremony.DEAL, peer, channels.to(peer), payload.bytes()));
      }
    });
    return outbox;
  }

  /**
   * The messages of round 3.
   *
   * @param outbox gets them
   * @return whose offer is not well-formed
   */
  List<PartyId> answer(Channels channels, List<SignedEnvelope> outbox) {
    var malformed = new ArrayList<PartyId>();
    byPeer.forEach((peer, agreement) -> {
      try (var received = means.work().borrow(PairAgreement.OFFER.length());
          var payload = means.work().borrow(PairAgreement.ANSWER.length())) {
        if (opens(Ceremony.DEAL, channels, peer, PairAgreement.OFFER, received.bytes())
            && agreement.answer(received.bytes(), payload.bytes())) {
          outbox.add(endpoint.seal(Ceremony.COMPLAIN, peer, channels.to(peer), payload.bytes()));
        } else {
          malformed.add(peer);
        }
      }
    });
    return malformed;
  }

  /** Ends the agreements; whose answer does not fit. */
  List<PartyId> finish(Channels channels) {
    var malformed = new ArrayList<PartyId>();
    byPeer.forEach((peer, agreement) -> {
      try (var received = means.work().borrow(PairAgreement.ANSWER.length())) {
        if (!opens(Ceremony.COMPLAIN, channels, peer, PairAgreement.ANSWER, received.bytes())
            || !agreement.finish(received.bytes())) {
          malformed.add(peer);
        }
      }
    });
    return malformed;
  }

  private boolean opens(
      int round, Channels channels, PartyId peer, FixedFields form, MemorySegment out) {
    return endpoint.open(round, peer, channels.to(peer), out) && form.framed(out);
  }

  /** With whom there is an agreement, ascending. */
  List<PartyId> peers() {
    return List.copyOf(byPeer.keySet());
  }

  /**
   * @throws IllegalArgumentException when nothing was agreed with that party
   */
  MemorySegment secrets(PartyId peer) {
    var agreement = byPeer.get(peer);
    if (agreement == null) {
      throw new IllegalArgumentException("nothing was agreed with " + peer);
    }
    return agreement.bytes();
  }

  /** Wipes. */
  @Override
  public void close() {
    byPeer.values().forEach(PairAgreement::close);
  }
}
