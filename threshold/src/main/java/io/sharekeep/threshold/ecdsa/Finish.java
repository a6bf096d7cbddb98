package io.sharekeep.threshold.ecdsa;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.group.Secp256k1Points;
import io.sharekeep.threshold.group.SecretPoints;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.DkgCommitment;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The checks of what came in round 3, in their order, and this party's shares u, v of r·φ and sk·φ
 * (protocols.md, section 4.6, "Finish").
 */
final class Finish {
  private static final int SCALAR = 32;

  private final Means means;
  private final Endpoint endpoint;
  private final Quorum quorum;
  private final SortedMap<PartyId, DkgCommitment> commitments;
  private final Element ownKeyPoint;
  private final SortedMap<PartyId, Peer> peers = new TreeMap<>();

  /** What one peer opened. */
  private record Peer(
      Nonces.Opening opening,
      Octets blind,
      Element keyPoint,
      Element gammaU,
      Element gammaV,
      PublicScalar psi) {}

  Finish(
      Means means,
      Endpoint endpoint,
      Quorum quorum,
      SortedMap<PartyId, DkgCommitment> commitments,
      Element ownKeyPoint) {
    this.means = means;
    this.endpoint = endpoint;
    this.quorum = quorum;
    this.commitments = commitments;
    this.ownKeyPoint = ownKeyPoint;
  }

  Step<Shares> check(
      Multiplied.Held held, Pairs pairs, MemorySegment shares, Element publicKey, Scratch pool) {
    try (var payloads = new Slabs(means.work(), Rounds.PRODUCT.length());
        var products = new Slabs(means.work(), 2 * SCALAR)) {
      return judge(Fault.BAD_ENCODING, peer -> decodes(held, peer, payloads.of(peer)))
          .or(() -> judge(Fault.BAD_COMMITMENT, this::opensCommitment))
          .or(() -> products(held, payloads, products))
          .or(() -> judge(Fault.BAD_CONSISTENCY, peer -> consistent(held, peer, products.of(peer))))
          .or(() -> keySum(publicKey))
          .orElseGet(() -> combine(held, pairs, shares, products, pool));
    }
  }

  private Optional<Step<Shares>> judge(Fault fault, Predicate<PartyId> holds) {
    var culprits = new ArrayList<PartyId>();
    for (var peer : quorum.peers()) { // all of them, also after the first culprit
      if (!holds.test(peer)) {
        culprits.add(peer);
      }
    }
    return culprits.isEmpty() ? Optional.empty() : Optional.of(new Step.Aborted<>(fault, culprits));
  }

  private boolean decodes(Multiplied.Held held, PartyId peer, MemorySegment payload) {
    var channel = held.extended().session().channels().to(peer);
    if (!endpoint.open(Rounds.MULTIPLY, peer, channel, payload)
        || !Rounds.PRODUCT.framed(payload)
        || !VectorOle.canonical(Rounds.product(payload))) {
      return false;
    }
    var ops = means.group().publicOps();
    var point = ops.decode(field(payload, Rounds.NONCE_POINT));
    var keyPoint = ops.decode(field(payload, Rounds.KEY_POINT));
    var gammaU = ops.decode(field(payload, Rounds.GAMMA_U));
    var gammaV = ops.decode(field(payload, Rounds.GAMMA_V));
    var psi = ops.decodeScalar(field(payload, Rounds.PSI));
    if (point.isEmpty()
        || keyPoint.isEmpty()
        || gammaU.isEmpty()
        || gammaV.isEmpty()
        || psi.isEmpty()) {
      return false;
    }
    peers.put(
        peer,
        new Peer(
            new Nonces.Opening(point.get(), Octets.of(field(payload, Rounds.ENTROPY))),
            Octets.of(field(payload, Rounds.BLIND)),
            keyPoint.get(),
            gammaU.get(),
            gammaV.get(),
            psi.get()));
    return true;
  }

  private static byte[] field(MemorySegment payload, int index) {
    return Rounds.PRODUCT.field(payload, index).toArray(JAVA_BYTE);
  }

  private boolean opensCommitment(PartyId party) {
    var commitment = commitments.get(party);
    var peer = peer(party);
    return commitment != null
        && Nonces.commitment(
                endpoint.contextHash(),
                party,
                commitment.nonce(),
                List.of(peer.opening()),
                peer.blind())
            .equals(commitment.commitment());
  }

  /** d^u ‖ d^v of every peer, or E-VOLE. A fault of our own counts as the peer's. */
  private Optional<Step<Shares>> products(Multiplied.Held held, Slabs payloads, Slabs products) {
    try (var work = means.work().borrow(VectorOle.WORK)) {
      return judge(
          Fault.BAD_PRODUCT,
          peer -> {
            var out = products.of(peer);
            try {
              return choice(held, peer)
                      .receive(Rounds.product(payloads.of(peer)), work.bytes(), out)
                  == 0;
            } catch (RuntimeException failure) { // fail closed
              return false;
            }
          });
    }
  }

  /** χ·R = d^u·G + Γ^u and χ·pk = d^v·G + Γ^v, compared as secrets. */
  private boolean consistent(Multiplied.Held held, PartyId party, MemorySegment product) {
    var peer = peer(party);
    var factor = choice(held, party).factor();
    try (var points = new SecretPoints(means.group(), means.work(), 2);
        var slab = means.work().borrow(6 * Secp256k1Points.LENGTH + Secp256k1Points.WORK)) {
      var sums = slab.bytes().asSlice(0, 2 * Secp256k1Points.LENGTH);
      var expected = slab.bytes().asSlice(2 * Secp256k1Points.LENGTH, 2 * Secp256k1Points.LENGTH);
      var work = slab.bytes().asSlice(4 * Secp256k1Points.LENGTH);
      long known =
          term(points, 0, product.asSlice(0, SCALAR), peer.gammaU(), work)
              & term(points, 1, product.asSlice(SCALAR, SCALAR), peer.gammaV(), work)
              & multiple(factor, peer.opening().point(), slot(expected, 0))
              & multiple(factor, peer.keyPoint(), slot(expected, 1))
              & points.affine(0, sums);
      long different = 0;
      for (long i = 0; i < 2 * Secp256k1Points.LENGTH; i += 8) {
        different |= sums.get(ValueLayout.JAVA_LONG, i) ^ expected.get(ValueLayout.JAVA_LONG, i);
      }
      return known == 1 && different == 0;
    }
  }

  /** points[index] = d·G + Γ. */
  private int term(
      SecretPoints points, int index, MemorySegment d, Element gamma, MemorySegment work) {
    var point = work.asSlice(0, Secp256k1Points.LENGTH);
    var encoding = work.asSlice(Secp256k1Points.LENGTH, 33);
    var lent = work.asSlice(2 * Secp256k1Points.LENGTH, Secp256k1Points.WORK);
    var ops = Secp256k1Points.of(means.group());
    boolean known = ops.multiplyBase(lent, d, point);
    points.add(index, point);
    MemorySegment.copy(gamma.encoded(), 0, encoding, JAVA_BYTE, 0, 33);
    known &= ops.decode(lent, encoding, point);
    points.add(index, point);
    return known ? 1 : 0;
  }

  private int multiple(MemorySegment factor, Element p, MemorySegment out) {
    return means.group().secretOps().multiply(means.work(), factor, p, out) ? 1 : 0;
  }

  private static MemorySegment slot(MemorySegment points, int index) {
    return points.asSlice(Secp256k1Points.LENGTH * index, Secp256k1Points.LENGTH);
  }

  /** Σ pk_i = PK, else E-SUM; and Σ R_i is no identity. */
  private Optional<Step<Shares>> keySum(Element publicKey) {
    var sum = Optional.of(ownKeyPoint);
    for (var peer : peers.values()) {
      sum = plus(sum, peer.keyPoint());
    }
    return sum.equals(Optional.of(publicKey))
        ? Optional.empty()
        : Optional.of(new Step.Aborted<>(Fault.BAD_KEY_SUM, List.of()));
  }

  private Optional<Element> plus(Optional<Element> sum, Element term) {
    return sum.isPresent() ? means.group().publicOps().add(sum.get(), term) : Optional.of(term);
  }

  private Step<Shares> combine(
      Multiplied.Held held, Pairs pairs, MemorySegment shares, Slabs products, Scratch pool) {
    var nonces = held.extended().session().nonces();
    var sum = Optional.of(nonces.opening().point());
    for (var peer : peers.values()) {
      sum = plus(sum, peer.opening().point());
    }
    if (sum.isEmpty()) {
      return new Step.Aborted<>(Fault.DEGENERATE, List.of());
    }
    var entropies = new TreeMap<PartyId, Octets>();
    entropies.put(endpoint.self(), nonces.opening().entropy());
    peers.forEach((party, peer) -> entropies.put(party, peer.opening().entropy()));
    var slab = pool.borrow(Shares.LENGTH);
    try (var work = means.work().borrow(2 * SCALAR)) {
      var ops = means.group().secretOps();
      var key = work.bytes().asSlice(0, SCALAR);
      var total = work.bytes().asSlice(SCALAR, SCALAR);
      var u = Shares.u(slab);
      var v = Shares.v(slab);
      quorum.share(endpoint.session().orElseThrow(), Rounds.BATCH, pairs, shares, key);
      MemorySegment.copy(nonces.phi(), 0, Shares.phi(slab), 0, SCALAR);
      MemorySegment.copy(nonces.entropy(), 0, Shares.entropy(slab), 0, SCALAR);
      MemorySegment.copy(nonces.phi(), 0, total, 0, SCALAR);
      peers.values().forEach(peer -> ops.add(total, peer.psi(), total));
      ops.multiply(means.work(), nonces.r(), total, u);
      ops.multiply(means.work(), key, total, v);
      for (var peer : quorum.peers()) {
        var c = held.outputs().of(peer);
        var d = products.of(peer);
        ops.add(u, c.asSlice(0, SCALAR), u);
        ops.add(u, d.asSlice(0, SCALAR), u);
        ops.add(v, c.asSlice(SCALAR, SCALAR), v);
        ops.add(v, d.asSlice(SCALAR, SCALAR), v);
      }
      return new Step.Advanced<>(new Shares(means, slab, sum.get(), entropies));
    } catch (RuntimeException | Error failure) {
      slab.close();
      throw failure;
    }
  }

  private Peer peer(PartyId party) {
    return Optional.ofNullable(peers.get(party))
        .orElseThrow(() -> new IllegalStateException("nothing was opened by " + party));
  }

  private static Choice choice(Multiplied.Held held, PartyId peer) {
    return Optional.ofNullable(held.extended().choices().get(peer))
        .orElseThrow(() -> new IllegalStateException("no extension was sent to " + peer));
  }
}
