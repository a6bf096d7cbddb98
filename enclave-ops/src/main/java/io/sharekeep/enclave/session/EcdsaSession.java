package io.sharekeep.enclave.session;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.store.Consumptions.Consumption;
import io.sharekeep.enclave.store.Outboxes.Answered;
import io.sharekeep.enclave.store.SignerSets.SetRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.enclave.vault.OpenShares;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.ecdsa.Pairs;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Means;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/**
 * Threshold ECDSA at one party (protocols, section 4.6, one-shot): commit, extend, multiply, sign,
 * combine, for every signature of one transaction side by side. All of them are released or none.
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
  private final SigningOrder order;
  private final List<PartyId> peers;
  private final Ending ending;
  private final Workbench bench;
  private final SessionSlab slab;
  private final StepWork work;
  private final OtGuard guard;
  private final List<EcdsaLane> lanes = new ArrayList<>();
  private volatile int next = EXTEND;

  private EcdsaSession(
      Desk desk,
      SigningOrder order,
      List<PartyId> peers,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    this.desk = desk;
    this.order = order;
    this.peers = List.copyOf(peers);
    this.ending = ending;
    this.bench = bench;
    this.slab = slab;
    this.work = new StepWork(bench);
    this.guard = new OtGuard(desk, order.key(), peers, ending, bench.thread(), this::heard);
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
      SigningOrder order,
      List<Endpoint> endpoints,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    var self = endpoints.getFirst().self();
    var peers =
        endpoints.getFirst().context().signers().stream()
            .filter(party -> !party.equals(self))
            .toList();
    var session = new EcdsaSession(desk, order, peers, ending, bench, slab);
    try {
      session.work.during(() -> session.commit(endpoints));
      return new Opened(session, session.outbox());
    } catch (RuntimeException | Error e) {
      session.wipe();
      throw e;
    }
  }

  private List<EcdsaLane> commit(List<Endpoint> endpoints) {
    long started = System.nanoTime();
    var checkpoint = Octets.of(desk.checkpoint().note());
    var means = new Means(desk.group(order.key()), desk.primitives(), slab, work, bench.random());
    for (int lane = 0; lane < order.lanes().size(); lane++) {
      lanes.add(EcdsaLane.start(order.lanes().get(lane), endpoints.get(lane), means, checkpoint));
    }
    took(1, started);
    return lanes;
  }

  private void took(int round, long started) {
    desk.counters()
        .took(
            "round{protocol=\"ecdsa-sign\",round=\"" + round + "\"}", System.nanoTime() - started);
  }

  private List<SignedEnvelope> outbox() {
    return lanes.stream().flatMap(lane -> lane.outbox().stream()).toList();
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
      return abort(Fault.BAD_EXTENSION, List.of());
    }
  }

  private StepReply answer(int round, List<byte[]> inbox) {
    long started = System.nanoTime();
    var burnt = guard.burnt();
    if (burnt.isPresent()) {
      return refuseBurnt(burnt.get());
    }
    // What it has signed by round 5 is verified, whoever else failed meanwhile.
    if (round < COMBINE && desk.lockouts().locked(order.key().id(), signers())) {
      return refuse(Lockouts.refusal(signers()));
    }
    var heard = take(round - 1, inbox);
    if (heard.isPresent()) {
      return heard.get();
    }
    var reply =
        switch (round) {
          case EXTEND -> extend();
          case MULTIPLY ->
              reply(
                  withShares((pairs, shares) ->
                      guard.inPairs(() -> eachLane(lane -> lane.multiply(pairs, shares)))),
                  SIGN);
          case SIGN -> sign(inbox);
          default -> combine();
        };
    took(round, started);
    return reply;
  }

  /** Every lane hears what is for it; an answer only if the step goes no further. */
  private Optional<StepReply> take(int round, List<byte[]> inbox) {
    for (var lane : lanes) {
      var own = lanes.size() == 1 ? inbox : of(lane, round, inbox);
      var answer =
          switch (Inbox.take(lane.endpoint(), round, own, ending.receiving())) {
            case Inbox.Result.Incomplete(Refusal refusal) ->
                Optional.<StepReply>of(new StepReply.Refused(refusal));
            case Inbox.Result.Contradicted contradicted -> {
              next = 0;
              wipe();
              yield Optional.of(ending.abort(contradicted.accusation(lane.endpoint())));
            }
            case Inbox.Result.Refused(Refusal refusal) -> Optional.of(refuse(refusal));
            case Inbox.Result.Complete _ -> Optional.<StepReply>empty();
          };
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private List<byte[]> of(EcdsaLane lane, int round, List<byte[]> inbox) {
    return inbox.stream()
        .filter(bytes ->
            SignedEnvelope.decode(bytes)
                .valid()
                .map(sent -> lane.session(round).equals(Optional.of(sent.envelope().session())))
                .orElseGet(() -> {
                  ending.receiving().dropped(DropReason.MALFORMED);
                  return false;
                }))
        .toList();
  }

  /** All lanes, also after one has failed: a step has one verdict. */
  private Optional<Step.Aborted<?>> eachLane(
      java.util.function.Function<EcdsaLane, Optional<Step.Aborted<?>>> step) {
    var aborts = new ArrayList<Step.Aborted<?>>();
    lanes.forEach(lane -> step.apply(lane).ifPresent(aborts::add));
    if (aborts.isEmpty()) {
      return Optional.empty();
    }
    // What burns a pair counts above what does not.
    var first =
        aborts.stream()
            .filter(abort -> abort.fault().burnsPair())
            .findFirst()
            .orElse(aborts.getFirst());
    var culprits = new TreeSet<PartyId>();
    aborts.stream()
        .filter(abort -> abort.fault().burnsPair() == first.fault().burnsPair())
        .forEach(abort -> culprits.addAll(abort.culprits()));
    return Optional.of(new Step.Aborted<>(first.fault(), List.copyOf(culprits)));
  }

  private StepReply extend() {
    Pairs pairs;
    try (var lease = bench.lease();
        var open = open(lease)) {
      pairs = pairs(open, lease);
    }
    return eachLane(lane -> lane.extend(pairs)).map(this::abort).orElseGet(() -> goOn(MULTIPLY));
  }

  private OpenShares open(ShareLease lease) {
    // As it is sealed now: a kek that sealed it when the session began may be gone.
    var key = desk.keys().find(order.key().id()).orElse(order.key());
    return desk.vault().open(key.record(), lease, desk.group(key), ending::held);
  }

  /** Opens what is shared with each other signer into this step's work memory. */
  private Pairs pairs(OpenShares open, ShareLease lease) {
    var opened = new TreeMap<PartyId, PairSecrets>();
    var key = order.key();
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
      case OtGuard.Result.Aborted(var aborted) -> abort(aborted);
      case OtGuard.Result.Burnt(PartyId peer) -> refuseBurnt(peer);
    };
  }

  private StepReply goOn(int then) {
    next = then;
    return ending.sent(outbox());
  }

  /** Round 4: records durably that this session has signed, and only then sends the parts. */
  private StepReply sign(List<byte[]> inbox) {
    var result =
        withShares(
            (pairs, shares) -> guard.judged(() -> eachLane(lane -> lane.sign(pairs, shares))));
    if (!(result instanceof OtGuard.Result.Went)) {
      return reply(result, COMBINE);
    }
    var reply = ending.sent(outbox());
    boolean consumed =
        desk.store()
            .commit(tx -> {
              return ending.spend(tx)
                  && desk.sessions()
                      .advance(tx, ending.id(), desk.boot().toArray(), "opened", "signed")
                  && desk.sessions()
                      .bind(tx, ending.id(), desk.boot().toArray(), session(lanes.getFirst()))
                  && consume(tx)
                  && ending.remember(
                      tx, SIGN, new Answered(Ending.digest(inbox), ending.encode(reply)));
            });
    // Committed: from here a crash finds the session's nonces consumed and this reply stored; the
    // same question gets the same bytes, another one nothing.
    if (!consumed) {
      var frozen = ending.frozen();
      return frozen.isPresent() ? refuse(frozen.get()) : abort(Fault.COMMITMENT_MISSING, List.of());
    }
    slab.close();
    next = COMBINE;
    return reply;
  }

  private static byte[] session(EcdsaLane lane) {
    return lane.endpoint().session().orElseThrow().toArray();
  }

  private boolean consume(Transaction tx) {
    desk.peers().persist(tx);
    boolean fresh = true;
    for (int lane = 0; lane < lanes.size(); lane++) {
      fresh &=
          desk.consumptions()
              .consume(
                  tx,
                  new Consumption(
                      session(lanes.get(lane)),
                      order.key().id(),
                      order.key().epoch(),
                      desk.boot().toArray(),
                      session(lanes.getFirst()),
                      lane,
                      ending.binding(),
                      desk.clock().instant()));
    }
    return fresh;
  }

  /** Round 5: joins the parts; nothing leaves this that an independent verifier refuses. */
  private StepReply combine() {
    return eachLane(lane -> lane.combine(desk.verifier()))
        .map(this::abort)
        .orElseGet(this::release);
  }

  private StepReply release() {
    var released = new ArrayList<Outcome.Signature>();
    var messages = new ArrayList<String>();
    for (var lane : lanes) {
      var signature = lane.signature();
      released.add(
          new Outcome.Signature(
              lane.order().input(),
              lane.order().publicKey(),
              lane.order().message(),
              signature.compact(),
              Optional.of(order.recovery(signature.recoveryId()))));
      messages.add(Ending.sha256(lane.order().message()));
    }
    var outcome =
        new Outcome.Signed(
            order.request().requestId(),
            order.key().id(),
            order.key().scheme(),
            released,
            order.assemble(released.stream().map(Outcome.Signature::signature).toList()));
    next = 0;
    return ending.finish(
        outcome,
        new Entry.Signed(
            HexFormat.of().formatHex(ending.id()),
            order.request().requestId(),
            order.key().id(),
            order.key().epoch(),
            messages,
            ending.shareOpenMicros()));
  }

  /** All that this session accepted from a party. */
  private byte[] heard(PartyId party) {
    return CborEncoder.encode(
        CborProfile.WIRE,
        Cbor.list(
            lanes.stream()
                .flatMap(lane -> lane.endpoint().heard(party).stream())
                .map(sent -> Cbor.bytes(sent.encoded()))
                .toList()));
  }

  private StepReply refuseBurnt(PartyId peer) {
    return refuse(
        new Refusal(
            Refusal.Code.PAIR_NOT_USABLE,
            PairRegister.sentence(peer, desk.pairs().state(order.key().id(), peer))));
  }

  private StepReply abort(Step.Aborted<?> aborted) {
    return abort(aborted.fault(), aborted.culprits());
  }

  private StepReply abort(Fault fault, List<PartyId> culprits) {
    next = 0;
    wipe();
    return Lockouts.counts(fault)
        ? abortTogether(fault)
        : ending.abort(accusation(fault, culprits));
  }

  /** Of all lanes by the first: what burns or counts is the accuser's word in any of them. */
  private SignedBlame accusation(Fault fault, List<PartyId> culprits) {
    return lanes.getFirst().endpoint().accuse(fault, culprits, List.of(), Optional.empty());
  }

  /** Nobody can be shown to have caused it, so it counts for all who signed. */
  private StepReply abortTogether(Fault fault) {
    var counted = new AtomicReference<SetRow>();
    var reply =
        ending.abort(
            accusation(fault, List.of()),
            tx -> {
              var key = order.key();
              var row =
                  desk.signerSets().failed(tx, key.id(), key.epoch(), Lockouts.ids(signers()));
              counted.set(row);
              desk.log()
                  .append(
                      tx,
                      new Entry.SignersFailed(
                          HexFormat.of().formatHex(ending.id()),
                          key.id(),
                          key.epoch(),
                          row.signers(),
                          Ending.word(fault),
                          row.failures()));
            });
    // Committed: from here these signers are nearer to their limit in every process of this party.
    desk.lockouts().put(counted.get());
    return reply;
  }

  private List<PartyId> signers() {
    return lanes.getFirst().endpoint().context().signers();
  }

  private StepReply refuse(Refusal refusal) {
    next = 0;
    wipe();
    return ending.refuse(refusal);
  }

  private void wipe() {
    lanes.forEach(EcdsaLane::close);
    slab.close();
  }

  @Override
  public int nextRound() {
    return next;
  }

  @Override
  public boolean isOver() {
    return next == 0;
  }

  @Override
  public boolean isExpired() {
    return ending.isPastDeadline() || slab.isIdle();
  }

  @Override
  public void abandon(String reason) {
    next = 0;
    wipe();
    ending.lose(reason);
  }
}
