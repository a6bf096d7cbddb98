package io.sharekeep.enclave.session;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.store.Consumptions.Consumption;
import io.sharekeep.enclave.store.Outboxes.Answered;
import io.sharekeep.enclave.store.SignerSets.SetRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.wire.DropReason;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The signatures of one session of threshold ECDSA, side by side, and the ways in which it ends:
 * all of them are released or none, and whatever ends it wipes what is left of every one.
 */
final class EcdsaLanes {
  private final Desk desk;
  private final HeldKey key;
  private final Ending ending;
  private final SessionSlab slab;
  private final Runnable left;
  private final List<EcdsaLane> lanes = new ArrayList<>();
  private volatile boolean over;

  /**
   * @param left wipes what else the session holds; more than once is as good as once
   */
  EcdsaLanes(Desk desk, HeldKey key, Ending ending, SessionSlab slab, Runnable left) {
    this.desk = desk;
    this.key = key;
    this.ending = ending;
    this.slab = slab;
    this.left = left;
  }

  void add(EcdsaLane lane) {
    lanes.add(lane);
  }

  EcdsaLane at(int index) {
    return lanes.get(index);
  }

  void forEach(Consumer<EcdsaLane> each) {
    lanes.forEach(each);
  }

  boolean isOver() {
    return over;
  }

  List<SignedEnvelope> outbox() {
    return lanes.stream().flatMap(lane -> lane.outbox().stream()).toList();
  }

  /** Every lane hears what is for it; an answer only if the step goes no further. */
  Optional<StepReply> take(int round, List<byte[]> inbox) {
    for (var lane : lanes) {
      var own = lanes.size() == 1 ? inbox : of(lane, round, inbox);
      var answer =
          switch (Inbox.take(lane.endpoint(), round, own, ending.receiving())) {
            case Inbox.Result.Incomplete(Refusal refusal) ->
                Optional.<StepReply>of(new StepReply.Refused(refusal));
            case Inbox.Result.Contradicted contradicted -> {
              end();
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
  Optional<Step.Aborted<?>> each(Function<EcdsaLane, Optional<Step.Aborted<?>>> step) {
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

  /**
   * Records durably that these lanes have signed, with what they send, and only then lets it go.
   *
   * @param round in which
   * @param name of what is spent, for each lane by number
   * @return an answer that ends the session where it may not go
   */
  Optional<StepReply> spend(
      int round, List<byte[]> inbox, StepReply reply, IntFunction<Octets> name) {
    boolean consumed =
        desk.store()
            .commit(tx -> {
              return ending.spend(tx)
                  && desk.sessions()
                      .advance(tx, ending.id(), desk.boot().toArray(), "opened", "signed")
                  && desk.sessions()
                      .bind(tx, ending.id(), desk.boot().toArray(), session(lanes.getFirst()))
                  && consume(tx, name)
                  && ending.remember(
                      tx, round, new Answered(Ending.digest(inbox), ending.encode(reply)));
            });
    // Committed: from here a crash finds the session's nonces consumed and this reply stored; the
    // same question gets the same bytes, another one nothing.
    if (consumed) {
      slab.close();
      return Optional.empty();
    }
    return Optional.of(
        ending
            .frozen()
            .map(this::refuse)
            .orElseGet(() -> abort(Fault.COMMITMENT_MISSING, List.of())));
  }

  static byte[] session(EcdsaLane lane) {
    return lane.endpoint().session().orElseThrow().toArray();
  }

  private boolean consume(Transaction tx, IntFunction<Octets> name) {
    desk.peers().persist(tx);
    boolean fresh = true;
    for (int lane = 0; lane < lanes.size(); lane++) {
      fresh &=
          desk.consumptions()
              .consume(
                  tx,
                  new Consumption(
                      name.apply(lane).toArray(),
                      key.id(),
                      key.epoch(),
                      desk.boot().toArray(),
                      session(lanes.getFirst()),
                      lane,
                      ending.binding(),
                      desk.clock().instant()));
    }
    return fresh;
  }

  /** Joins the parts; nothing leaves this that an independent verifier refuses. */
  StepReply combine(SigningOrder order) {
    return each(lane -> lane.combine(desk.verifier()))
        .map(this::abort)
        .orElseGet(() -> release(order));
  }

  private StepReply release(SigningOrder order) {
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
            key.id(),
            key.scheme(),
            released,
            order.assemble(released.stream().map(Outcome.Signature::signature).toList()));
    end();
    return ending.finish(
        outcome,
        new Entry.Signed(
            HexFormat.of().formatHex(ending.id()),
            order.request().requestId(),
            key.id(),
            key.epoch(),
            messages,
            ending.shareOpenMicros()));
  }

  /** All that this session accepted from a party. */
  byte[] heard(PartyId party) {
    return CborEncoder.encode(
        CborProfile.WIRE,
        Cbor.list(
            lanes.stream()
                .flatMap(lane -> lane.endpoint().heard(party).stream())
                .map(sent -> Cbor.bytes(sent.encoded()))
                .toList()));
  }

  /** Why these signers do not go on together, if they do not. */
  Optional<Refusal> locked() {
    return desk.lockouts().locked(key.id(), signers())
        ? Optional.of(Lockouts.refusal(signers()))
        : Optional.empty();
  }

  StepReply refuseBurnt(PartyId peer) {
    return refuse(
        new Refusal(
            Refusal.Code.PAIR_NOT_USABLE,
            PairRegister.sentence(peer, desk.pairs().state(key.id(), peer))));
  }

  StepReply abort(Step.Aborted<?> aborted) {
    return abort(aborted.fault(), aborted.culprits());
  }

  StepReply abort(Fault fault, List<PartyId> culprits) {
    end();
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

  List<PartyId> signers() {
    return lanes.getFirst().endpoint().context().signers();
  }

  StepReply refuse(Refusal refusal) {
    end();
    return ending.refuse(refusal);
  }

  void lose(String reason) {
    end();
    ending.lose(reason);
  }

  /** Wipes; nothing goes on from here. */
  void end() {
    over = true;
    lanes.forEach(EcdsaLane::close);
    left.run();
    slab.close();
  }
}
