package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.vault.OpenShares;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Threshold ECDSA at one party (protocols, section 4.6): commit, extend, multiply, and then either
 * sign and combine, for every signature of one transaction side by side, or certify and keep what
 * one later signature needs.
 *
 * <p>What is shared with each other signer is opened for one step at a time, the share for the two
 * that need it.
 */
final class EcdsaSession implements LiveSession {
  /** Rounds that a relay carries at most. */
  static final int ROUNDS = 5;

  private static final int EXTEND = 2;
  private static final int MULTIPLY = 3;
  private static final int SIGN = 4;
  private static final int COMBINE = 5;

  private final Desk desk;
  private final Goal goal;
  private final HeldKey key;
  private final List<PartyId> peers;
  private final Ending ending;
  private final Workbench bench;
  private final SessionSlab slab;
  private final StepWork work;
  private final EcdsaLanes lanes;
  private final OtGuard guard;
  private volatile int next = EXTEND;

  /** What the multiplications are for. */
  sealed interface Goal {
    HeldKey key();

    String protocol();

    /** A transaction, signed at once. */
    record Signing(SigningOrder order) implements Goal {
      @Override
      public HeldKey key() {
        return order.key();
      }

      @Override
      public String protocol() {
        return "ecdsa-sign";
      }
    }

    /**
     * A signature whose message is not known yet.
     *
     * @param place where it lies until then
     */
    record Stocking(Admission.Read.Presigning order, Stock.Place place) implements Goal {
      @Override
      public HeldKey key() {
        return order.key();
      }

      @Override
      public String protocol() {
        return "presign";
      }
    }
  }

  private EcdsaSession(
      Desk desk, Goal goal, List<PartyId> peers, Ending ending, Workbench bench, SessionSlab slab) {
    this.desk = desk;
    this.goal = goal;
    this.key = goal.key();
    this.peers = List.copyOf(peers);
    this.ending = ending;
    this.bench = bench;
    this.slab = slab;
    this.work =
        switch (goal) {
          case Goal.Signing _ -> new StepWork(bench);
          case Goal.Stocking stocking -> stocking.place().work();
        };
    this.lanes =
        new EcdsaLanes(
            desk,
            key,
            ending,
            slab,
            () -> {
              if (goal instanceof Goal.Stocking(_, Stock.Place place)) {
                place.close();
              }
            });
    this.guard = new OtGuard(desk, key, peers, ending, bench.thread(), lanes::heard);
  }

  /** A session that has run its first round, and what it sends. */
  record Opened(EcdsaSession session, List<SignedEnvelope> outbox) {}

  /**
   * Round 1: draws nonces for every lane.
   *
   * @param endpoints one for each lane of the order
   */
  static Opened open(
      Desk desk,
      Goal goal,
      List<Endpoint> endpoints,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    var self = endpoints.getFirst().self();
    var peers =
        endpoints.getFirst().context().signers().stream()
            .filter(party -> !party.equals(self))
            .toList();
    var session = new EcdsaSession(desk, goal, peers, ending, bench, slab);
    try {
      session.work.during(() -> session.commit(endpoints));
      return new Opened(session, session.lanes.outbox());
    } catch (RuntimeException | Error e) {
      session.lanes.end();
      throw e;
    }
  }

  private EcdsaLanes commit(List<Endpoint> endpoints) {
    long started = System.nanoTime();
    var checkpoint = Octets.of(desk.checkpoint().note());
    var means = new Means(desk.group(key), desk.primitives(), slab, work, bench.random());
    for (int lane = 0; lane < endpoints.size(); lane++) {
      Optional<SigningOrder.Lane> order =
          goal instanceof Goal.Signing(SigningOrder signing)
              ? Optional.of(signing.lanes().get(lane))
              : Optional.empty();
      lanes.add(EcdsaLane.start(order, endpoints.get(lane), means, checkpoint));
    }
    took(1, started);
    return lanes;
  }

  private void took(int round, long started) {
    desk.counters()
        .took(
            "round{protocol=\"" + goal.protocol() + "\",round=\"" + round + "\"}",
            System.nanoTime() - started);
  }

  @Override
  public StepReply step(int round, List<byte[]> inbox) {
    slab.touch();
    try {
      return work.during(() -> answer(round, inbox));
    } catch (ShareOverdue e) {
      abandon("its share lay open for too long and was wiped");
      throw e;
    } catch (OtGuard.OtFailure e) {
      return lanes.abort(Fault.BAD_EXTENSION, List.of());
    }
  }

  private StepReply answer(int round, List<byte[]> inbox) {
    long started = System.nanoTime();
    var burnt = guard.burnt();
    if (burnt.isPresent()) {
      return lanes.refuseBurnt(burnt.get());
    }
    // What it has signed by round 5 is verified, whoever else failed meanwhile.
    var locked = round < COMBINE ? lanes.locked() : Optional.<Refusal>empty();
    if (locked.isPresent()) {
      return lanes.refuse(locked.get());
    }
    var heard = lanes.take(round - 1, inbox);
    if (heard.isPresent()) {
      return heard.get();
    }
    var reply =
        switch (round) {
          case EXTEND -> extend();
          case MULTIPLY ->
              reply(
                  withShares((pairs, shares) ->
                      guard.inPairs(() -> lanes.each(lane -> lane.multiply(pairs, shares)))),
                  SIGN);
          case SIGN -> fourth(inbox);
          default -> fifth();
        };
    took(round, started);
    return reply;
  }

  private StepReply extend() {
    Pairs pairs;
    try (var lease = bench.lease();
        var open = open(lease)) {
      pairs = pairs(open, lease);
    }
    return lanes.each(lane -> lane.extend(pairs)).map(lanes::abort).orElseGet(() -> goOn(MULTIPLY));
  }

  private OpenShares open(ShareLease lease) {
    // As it is sealed now: a kek that sealed it when the session began may be gone.
    var key = desk.keys().find(this.key.id()).orElse(this.key);
    return desk.vault().open(key.record(), lease, desk.group(key), ending::held);
  }

  /** Opens what is shared with each other signer into this step's work memory. */
  private Pairs pairs(OpenShares open, ShareLease lease) {
    var opened = new TreeMap<PartyId, PairSecrets>();
    for (var peer : peers) {
      var row =
          desk.store()
              .read(from -> desk.pairRows().find(from, key.id(), key.epoch(), peer.value()))
              .orElseThrow(() -> new IllegalStateException("no secrets with " + peer));
      if (!guard.beganWith(peer, row.status().generation())) {
        throw new IllegalStateException("the pair with " + peer + " is just being made anew");
      }
      var memory = work.borrow(PairSecrets.LENGTH).bytes();
      desk.pairVault()
          .open(
              open.pairKey(),
              new PairVault.Pair(
                  key.id(), key.epoch(), peer, row.status().generation(), row.session()),
              row.sealed(),
              lease,
              memory);
      opened.put(peer, new PairSecrets(memory));
    }
    return peer ->
        Optional.ofNullable(opened.get(peer))
            .orElseThrow(() -> new IllegalArgumentException(peer + " does not sign"));
  }

  private OtGuard.Result withShares(BiFunction<Pairs, MemorySegment, OtGuard.Result> step) {
    try (var lease = bench.lease();
        var open = open(lease);
        var shares = lease.borrow((long) GroupId.SCALAR_LENGTH * open.shares().size())) {
      long at = 0;
      for (Secret share : open.shares().values()) {
        var place = shares.bytes().asSlice(at, GroupId.SCALAR_LENGTH);
        share.lend(bytes -> place.copyFrom(bytes.asSlice(0, GroupId.SCALAR_LENGTH)));
        at += GroupId.SCALAR_LENGTH;
      }
      return step.apply(pairs(open, lease), shares.bytes());
    }
  }

  private StepReply reply(OtGuard.Result result, int then) {
    return switch (result) {
      case OtGuard.Result.Went _ -> goOn(then);
      case OtGuard.Result.Aborted(var aborted) -> lanes.abort(aborted);
      case OtGuard.Result.Burnt(PartyId peer) -> lanes.refuseBurnt(peer);
    };
  }

  private StepReply goOn(int then) {
    next = then;
    return ending.sent(lanes.outbox());
  }

  private StepReply fourth(List<byte[]> inbox) {
    var result =
        withShares((pairs, shares) ->
            guard.judged(() ->
                lanes.each(lane ->
                    switch (goal) {
                      case Goal.Signing _ -> lane.sign(pairs, shares);
                      case Goal.Stocking(_, Stock.Place place) ->
                          lane.certify(pairs, shares, key.publicKey(), place);
                    })));
    if (!(result instanceof OtGuard.Result.Went)) {
      return reply(result, COMBINE);
    }
    var reply = ending.sent(lanes.outbox());
    var stopped =
        switch (goal) {
          case Goal.Signing _ ->
              lanes.spend(
                  SIGN, inbox, reply, lane -> lanes.at(lane).endpoint().session().orElseThrow());
          case Goal.Stocking _ -> Optional.<StepReply>empty();
        };
    next = COMBINE;
    return stopped.orElse(reply);
  }

  private StepReply fifth() {
    return switch (goal) {
      case Goal.Signing(SigningOrder order) -> lanes.combine(order);
      case Goal.Stocking(Admission.Read.Presigning order, Stock.Place place) ->
          lanes.each(EcdsaLane::conclude).map(lanes::abort).orElseGet(() -> store(order, place));
    };
  }

  /** It counts as there once the log says so; a process that dies before has lost it. */
  private StepReply store(Admission.Read.Presigning order, Stock.Place place) {
    var made = lanes.at(0).presignature();
    lanes.end();
    try {
      var reply =
          ending.finish(
              new Outcome.Presigned(
                  order.request().requestId(), key.id(), order.request().parties()),
              new Entry.Presigned(
                  HexFormat.of().formatHex(ending.id()),
                  order.request().requestId(),
                  key.id(),
                  key.epoch(),
                  order.request().parties()));
      place.put(made);
      return reply;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    }
  }

  @Override
  public int nextRound() {
    return next;
  }

  @Override
  public boolean isOver() {
    return lanes.isOver();
  }

  @Override
  public boolean isExpired() {
    return ending.isPastDeadline() || slab.isIdle();
  }

  @Override
  public void abandon(String reason) {
    lanes.lose(reason);
  }
}
