package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.SortedMap;

/** Alice's side of round 3 towards every peer: the products of (r, sk) and what goes with them. */
final class Multiplication {
  private static final int SCALAR = 32;

  private final Means means;
  private final Endpoint endpoint;
  private final Quorum quorum;
  private final Pairs pairs;
  private final Slabs payloads;
  private final Slabs columns;
  private final SortedMap<PartyId, byte[]> digests;

  /** The extensions have been checked: {@code columns} hold Q, {@code digests} ud. */
  Multiplication(
      Means means,
      Endpoint endpoint,
      Quorum quorum,
      Pairs pairs,
      Slabs payloads,
      Slabs columns,
      SortedMap<PartyId, byte[]> digests) {
    this.means = means;
    this.endpoint = endpoint;
    this.quorum = quorum;
    this.pairs = pairs;
    this.payloads = payloads;
    this.columns = columns;
    this.digests = digests;
  }

  /** Takes over what is held, unless it throws. */
  Multiplied send(
      SortedMap<PartyId, DkgCommitment> commitments, Extended.Held held, MemorySegment shares) {
    var outputs = new Slabs(means.scratch(), 2 * SCALAR);
    try (var secret = means.work().borrow(2 * SCALAR);
        var work = means.work().borrow(VectorOle.WORK);
        var gadgets = means.work().borrow(VectorOle.GADGETS);
        var payload = means.work().borrow(Rounds.PRODUCT.length())) {
      var session = held.session();
      var inputs = secret.bytes();
      var key = inputs.asSlice(SCALAR, SCALAR);
      MemorySegment.copy(session.nonces().r(), 0, inputs, 0, SCALAR);
      quorum.share(endpoint.session().orElseThrow(), Rounds.BATCH, pairs, shares, key);
      var keyPoint = point(key);
      Rounds.PRODUCT.frame(payload.bytes());
      var outbox = new ArrayList<SignedEnvelope>();
      for (var peer : quorum.peers()) {
        var product =
            new VectorOle(
                means.group(),
                means.primitives(),
                Extended.pid(endpoint, endpoint.self(), peer).hash());
        product.gadgets(gadgets.bytes(), work.bytes());
        var extension = Rounds.extension(payloads.of(peer));
        var ud = digests.get(peer);
        if (ud == null) {
          throw new IllegalStateException("no checked extension of " + peer);
        }
        product.send(
            means.work(),
            means.randomness(),
            pairs.with(peer).delta(),
            columns.of(peer),
            gadgets.bytes(),
            inputs,
            extension,
            ud,
            work.bytes(),
            outputs.of(peer),
            Rounds.product(payload.bytes()));
        fill(payload.bytes(), session, keyPoint, outputs.of(peer), held, peer);
        outbox.add(
            endpoint.seal(Rounds.MULTIPLY, peer, session.channels().to(peer), payload.bytes()));
      }
      return new Multiplied(means, endpoint, quorum, commitments, outbox, keyPoint, held, outputs);
    } catch (RuntimeException | Error failure) {
      outputs.close();
      throw failure;
    }
  }

  private void fill(
      MemorySegment payload,
      Session session,
      Element keyPoint,
      MemorySegment output,
      Extended.Held held,
      PartyId peer) {
    put(payload, Rounds.BLIND, session.blind().toArray());
    put(payload, Rounds.NONCE_POINT, session.nonces().opening().point().encoded());
    put(payload, Rounds.ENTROPY, session.nonces().opening().entropy().toArray());
    put(payload, Rounds.KEY_POINT, keyPoint.encoded());
    put(payload, Rounds.GAMMA_U, point(output.asSlice(0, SCALAR)).encoded());
    put(payload, Rounds.GAMMA_V, point(output.asSlice(SCALAR, SCALAR)).encoded());
    var choice = held.choices().get(peer);
    if (choice == null) {
      throw new IllegalStateException("no extension was sent to " + peer);
    }
    means
        .group()
        .secretOps()
        .subtract(
            session.nonces().phi(), choice.factor(), Rounds.PRODUCT.field(payload, Rounds.PSI));
  }

  private static void put(MemorySegment payload, int field, byte[] bytes) {
    MemorySegment.copy(
        bytes, 0, Rounds.PRODUCT.field(payload, field), ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  /** A scalar of ours is zero with a chance of 2^-256. */
  private Element point(MemorySegment scalar) {
    return means
        .group()
        .secretOps()
        .multiplyBase(means.work(), scalar)
        .orElseThrow(() -> new IllegalStateException("a secret scalar came out as zero"));
  }
}
