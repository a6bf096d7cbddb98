package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.Once;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * ECDSA signing, round 2 sent: each peer has this party's OT extension. Goes on with {@link
 * #multiply} once the sealed message of every peer has been accepted.
 */
public final class Extended implements AutoCloseable {
  private final Means means;
  private final Endpoint endpoint;
  private final Quorum quorum;
  private final SortedMap<PartyId, DkgCommitment> commitments;
  private final List<SignedEnvelope> outbox;
  private final Once<Held> held;

  /** What goes on, and this party's side as Bob towards each peer. */
  record Held(Session session, SortedMap<PartyId, Choice> choices) implements AutoCloseable {
    @Override
    public void close() {
      try (session) {
        choices.values().forEach(Choice::close);
      }
    }

    @Override
    public String toString() {
      return "Held[redacted]";
    }
  }

  private Extended(
      Means means,
      Endpoint endpoint,
      Quorum quorum,
      SortedMap<PartyId, DkgCommitment> commitments,
      List<SignedEnvelope> outbox,
      Held held) {
    this.means = means;
    this.endpoint = endpoint;
    this.quorum = quorum;
    this.commitments = commitments;
    this.outbox = List.copyOf(outbox);
    this.held = new Once<>(held);
  }

  /** Takes the session over. */
  static Extended send(
      Means means,
      Endpoint endpoint,
      Quorum quorum,
      SortedMap<PartyId, DkgCommitment> commitments,
      Session session,
      Pairs pairs) {
    var held = new Held(session, new TreeMap<>());
    try (var payload = means.work().borrow(Rounds.EXTENSION.length())) {
      var outbox = new ArrayList<SignedEnvelope>();
      Rounds.EXTENSION.frame(payload.bytes());
      for (var peer : quorum.peers()) {
        var pid = pid(endpoint, peer, endpoint.self());
        held.choices()
            .put(
                peer,
                Choice.send(
                    means, pid.hash(), pairs.with(peer), Rounds.extension(payload.bytes())));
        outbox.add(
            endpoint.seal(Rounds.EXTEND, peer, session.channels().to(peer), payload.bytes()));
      }
      return new Extended(means, endpoint, quorum, commitments, outbox, held);
    } catch (RuntimeException | Error failure) {
      held.close();
      throw failure;
    }
  }

  static PairId pid(Endpoint endpoint, PartyId alice, PartyId bob) {
    return new PairId(endpoint.session().orElseThrow(), Rounds.BATCH, alice, bob);
  }

  public List<SignedEnvelope> outbox() {
    return outbox;
  }

  /**
   * Checks every peer's extension and multiplies: round 3. Before this call the caller has marked
   * each pair as being in OT code, durably past the death of this process; after it, and before
   * anything is answered, it has made a {@linkplain Fault#burnsPair burn} durable.
   *
   * <p>All extensions are checked before anything of the result is used, each in all its rows: one
   * verdict for a peer. A fault of our own in that code counts as the peer's, since it might tell.
   *
   * @param pairs the secrets of the pair with each peer, lent for this call
   * @param shares this party's shares of the key, ascending by point, 32 bytes each, lent
   * @throws IllegalStateException when round 2 is not complete
   */
  public Step<Multiplied> multiply(Pairs pairs, MemorySegment shares) {
    Rounds.require(endpoint.missingSealed(Rounds.EXTEND).isEmpty(), Rounds.EXTEND);
    var spent = held.spend();
    try (var payloads = new Slabs(means.work(), Rounds.EXTENSION.length());
        var columns = new Slabs(means.work(), BitMatrix.COLUMNS_LENGTH)) {
      var malformed =
          quorum.peers().stream()
              .filter(peer -> !open(spent.session(), peer, payloads.of(peer)))
              .toList();
      if (!malformed.isEmpty()) {
        spent.close();
        return new Step.Aborted<>(Fault.BAD_ENCODING, malformed);
      }
      var digests = new TreeMap<PartyId, byte[]>();
      var faulty = check(pairs, payloads, columns, digests);
      if (!faulty.isEmpty()) {
        spent.close();
        return new Step.Aborted<>(Fault.BAD_EXTENSION, faulty);
      }
      return new Step.Advanced<>(
          new Multiplication(means, endpoint, quorum, pairs, payloads, columns, digests)
              .send(commitments, spent, shares));
    } catch (RuntimeException | Error failure) {
      spent.close();
      throw failure;
    }
  }

  /** Lengths and form before any secret is near. */
  private boolean open(Session session, PartyId peer, MemorySegment payload) {
    return endpoint.open(Rounds.EXTEND, peer, session.channels().to(peer), payload)
        && Rounds.EXTENSION.framed(payload);
  }

  /** Who is at fault, over all rows of all peers. */
  private List<PartyId> check(
      Pairs pairs, Slabs payloads, Slabs columns, SortedMap<PartyId, byte[]> digests) {
    var faulty = new ArrayList<PartyId>();
    try (var work = means.work().borrow(OtExtension.WORK)) {
      for (var peer : quorum.peers()) {
        var pair = pairs.with(peer);
        var q = columns.of(peer);
        var extension =
            new OtExtension(means.primitives(), pid(endpoint, endpoint.self(), peer).hash());
        long wrong;
        try {
          var message = Rounds.extension(payloads.of(peer));
          var ud = extension.digest(message.u());
          digests.put(peer, ud);
          wrong = extension.receive(pair, message, ud, q, work.bytes());
        } catch (RuntimeException failure) { // fail closed: the peer may have caused it
          wrong = 1;
        }
        if (wrong != 0) {
          faulty.add(peer);
        }
      }
    }
    return faulty;
  }

  /** Wipes what was not spent. */
  @Override
  public void close() {
    held.drain().ifPresent(Held::close);
  }
}
