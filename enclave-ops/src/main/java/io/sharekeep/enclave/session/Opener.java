package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Recorded;
import io.sharekeep.enclave.memory.CallerId;
import io.sharekeep.enclave.memory.PoolExhausted;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.memory.SizeClass;
import io.sharekeep.enclave.policy.Approval;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.ecdsa.Footprint;
import io.sharekeep.threshold.ecdsa.PairSecrets;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Opens sessions, on the thread that will hold them: policy decides, the decision is made durable
 * together with the session's row, and only that proof and the approval open it.
 */
final class Opener {
  private static final Duration IDLE = Duration.ofSeconds(10);

  /**
   * A relay waits 15 s for a round and begins the next one then, or never: it has gone. Until its
   * deadline the session would keep its initiator from the next attempt.
   */
  private static final Duration CEREMONY_IDLE = Duration.ofSeconds(20);

  /** A pair of nonces, as it lies aligned in a slab. */
  private static final int NONCE_PAIR = 64;

  /** What a small session needs beside its nonces. */
  private static final int WORK = 2048;

  private final Desk desk;
  private final Docket docket;
  private final KeyLedgers ledgers;
  private final SigningThread thread;
  private final Workbench bench;

  Opener(Desk desk, KeyLedgers ledgers, SigningThread thread, Workbench bench) {
    this.desk = desk;
    this.docket = new Docket(desk);
    this.ledgers = ledgers;
    this.thread = thread;
    this.bench = bench;
  }

  /**
   * @param read an order that goes on, whose context this party would have written itself
   * @param pinned told of the session and its first answer
   */
  StepReply open(
      SessionContext context, Admission.Read read, BiConsumer<LiveSession, StepReply> pinned) {
    return switch (read) {
      case Admission.Read.Signing signing -> sign(context, signing, pinned);
      case Admission.Read.Generating generating -> generate(context, generating, pinned);
      case Admission.Read.Rekeying rekeying -> rekey(context, rekeying, pinned);
      case Admission.Read.Presigning presigning -> presign(context, presigning, pinned);
      case Admission.Read.Known _, Admission.Read.Refused _ ->
          throw new IllegalArgumentException("this order does not go on");
    };
  }

  private StepReply sign(
      SessionContext context,
      Admission.Read.Signing signing,
      BiConsumer<LiveSession, StepReply> pinned) {
    var size = size(context, signing.order());
    if (size.isEmpty()) {
      return tooLittleMemory();
    }
    if (context.protocol() != Protocol.FROST_SIGN) {
      var unfit = unfit(context, signing.order().key().id());
      if (unfit.isPresent()) {
        return unfit.get();
      }
    }
    if (context.protocol() == Protocol.ECDSA_ONLINE
        && !desk.stock()
            .has(signing.order().key().id(), context.presignatures(), context.signers())) {
      return Engine.refused(
          Code.MISMATCH,
          "this party does not hold these presignatures, or for other signers; ask again under a"
              + " new requestId");
    }
    var ready = prepare(signing.committee(), docket.signing(context, signing), size.get());
    if (ready instanceof Prepared.Ended(StepReply reply)) {
      return reply;
    }
    var prepared = (Prepared.Ready) ready;
    return begun(
        prepared,
        () ->
            switch (context.protocol()) {
              case ECDSA_SIGN -> ecdsa(context, signing, prepared, pinned);
              case ECDSA_ONLINE -> online(context, signing, prepared, pinned);
              case FROST_SIGN -> frost(context, signing, prepared, pinned);
              case DKG, PAIR_REKEY, PRESIGN ->
                  throw new IllegalArgumentException("no protocol that signs a request");
            });
  }

  /** Why those signers do not go on with an ECDSA key, if they do not. */
  private Optional<StepReply> unfit(SessionContext context, KeyId key) {
    var burnt = desk.pairs().unusable(key, others(context));
    if (burnt.isPresent()) {
      return Optional.of(
          Engine.refused(
              Code.PAIR_NOT_USABLE,
              PairRegister.sentence(burnt.get(), desk.pairs().state(key, burnt.get()))));
    }
    return desk.lockouts().locked(key, context.signers())
        ? Optional.of(new StepReply.Refused(Lockouts.refusal(context.signers())))
        : Optional.empty();
  }

  private StepReply online(
      SessionContext context,
      Admission.Read.Signing signing,
      Prepared.Ready prepared,
      BiConsumer<LiveSession, StepReply> pinned) {
    var shelf = desk.stock().shelf(signing.order().key().id(), bench).orElseThrow();
    var endpoints = endpoints(context, signing.committee());
    var taken =
        shelf
            .take(context.presignatures(), context.signers())
            .orElseThrow(() -> new IllegalStateException("a presignature has just expired"));
    var opened =
        OnlineSession.open(
            desk,
            signing.order(),
            endpoints,
            taken,
            prepared.ending(),
            prepared.slab(),
            shelf.work());
    thread.pin(opened.session());
    pinned.accept(opened.session(), opened.reply());
    return opened.reply();
  }

  private StepReply presign(
      SessionContext context,
      Admission.Read.Presigning presigning,
      BiConsumer<LiveSession, StepReply> pinned) {
    int peers = others(context).size();
    var size = held(Footprint.signing(peers), Footprint.signingWork(peers) + pairs(peers));
    if (size.isEmpty()) {
      return tooLittleMemory();
    }
    var unfit = unfit(context, presigning.key().id());
    if (unfit.isPresent()) {
      return unfit.get();
    }
    var place =
        desk.stock()
            .shelf(presigning.key().id(), bench)
            .flatMap(shelf -> shelf.place(presigning.request().coordinator()));
    if (place.isEmpty()) {
      return Engine.refused(
          Code.OVERLOADED, "this party holds as many presignatures of the key as it has room for");
    }
    try {
      var ready =
          prepare(presigning.committee(), docket.presigning(context, presigning), size.get());
      if (ready instanceof Prepared.Ended(StepReply reply)) {
        place.get().close();
        return reply;
      }
      var prepared = (Prepared.Ready) ready;
      return begun(
          prepared,
          () ->
              ecdsa(
                  new EcdsaSession.Goal.Stocking(presigning, place.get()),
                  endpoints(context, presigning.committee()),
                  prepared,
                  pinned));
    } catch (RuntimeException | Error e) {
      place.get().close();
      throw e;
    }
  }

  private StepReply ecdsa(
      SessionContext context,
      Admission.Read.Signing signing,
      Prepared.Ready prepared,
      BiConsumer<LiveSession, StepReply> pinned) {
    return ecdsa(
        new EcdsaSession.Goal.Signing(signing.order()),
        endpoints(context, signing.committee()),
        prepared,
        pinned);
  }

  private List<Endpoint> endpoints(SessionContext context, Books.Entry committee) {
    var endpoints = new ArrayList<Endpoint>();
    for (int lane = 0; lane < context.batch(); lane++) {
      endpoints.add(endpoint(context.lane(lane), committee));
    }
    return endpoints;
  }

  private StepReply ecdsa(
      EcdsaSession.Goal goal,
      List<Endpoint> endpoints,
      Prepared.Ready prepared,
      BiConsumer<LiveSession, StepReply> pinned) {
    var opened =
        EcdsaSession.open(desk, goal, endpoints, prepared.ending(), bench, prepared.slab());
    thread.pin(opened.session());
    var reply = prepared.ending().sent(opened.outbox());
    pinned.accept(opened.session(), reply);
    return reply;
  }

  private StepReply frost(
      SessionContext context,
      Admission.Read.Signing signing,
      Prepared.Ready prepared,
      BiConsumer<LiveSession, StepReply> pinned) {
    var opened =
        SigningSession.open(
            desk,
            signing.order(),
            endpoint(context, signing.committee()),
            new Signers(context.threshold(), owners(context)),
            prepared.ending(),
            bench,
            prepared.slab());
    thread.pin(opened.session());
    var reply = prepared.ending().sent(List.of(opened.broadcast()));
    pinned.accept(opened.session(), reply);
    return reply;
  }

  private List<PartyId> others(SessionContext context) {
    return context.signers().stream().filter(party -> !party.equals(desk.books().self())).toList();
  }

  /** What a signature holds between rounds; empty where this host does not lock enough for it. */
  private Optional<SizeClass> size(SessionContext context, SigningOrder order) {
    int lanes = order.lanes().size();
    if (context.protocol() == Protocol.ECDSA_ONLINE) {
      return Optional.of(SizeClass.K4);
    }
    if (context.protocol() != Protocol.ECDSA_SIGN) {
      int own = context.pointsOf(desk.books().self()).size();
      return Optional.of(
          lanes * own * NONCE_PAIR + WORK > SizeClass.K4.bytes() ? SizeClass.K64 : SizeClass.K4);
    }
    int peers = others(context).size();
    return held(lanes * Footprint.signing(peers), Footprint.signingWork(peers) + pairs(peers));
  }

  private static long pairs(int peers) {
    return peers * (PairSecrets.LENGTH + Long.BYTES * 8);
  }

  private Optional<SizeClass> held(long bytes, long work) {
    return bench.pool().workBytes() < work
        ? Optional.empty()
        : SizeClass.holding(bytes).filter(bench.pool()::has);
  }

  private static StepReply tooLittleMemory() {
    return Engine.refused(
        Code.STATE,
        "this appliance has not locked enough memory for ECDSA among so many parties and inputs:"
            + " set LimitMEMLOCK=64M, or fewer signingThreads, and start it again");
  }

  private static SortedMap<EvaluationPoint, PartyId> owners(SessionContext context) {
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (var party : context.signers()) {
      context.pointsOf(party).forEach(point -> owners.put(point, party));
    }
    return owners;
  }

  /** A session that is in the log but does not come to its first message is lost, and says so. */
  private StepReply begun(Prepared.Ready prepared, Supplier<StepReply> begin) {
    try {
      return begin.get();
    } catch (RuntimeException | Error e) {
      prepared.slab().close();
      prepared.ending().lose("the session could not begin");
      throw e;
    }
  }

  private StepReply generate(
      SessionContext context,
      Admission.Read.Generating generating,
      BiConsumer<LiveSession, StepReply> pinned) {
    var request = generating.request();
    var size = size(context);
    if (size.isEmpty()) {
      return tooLittleMemory();
    }
    var ready = prepare(generating.committee(), docket.generating(context, generating), size.get());
    if (ready instanceof Prepared.Ended(StepReply reply)) {
      return reply;
    }
    var prepared = (Prepared.Ready) ready;
    return begun(
        prepared,
        () -> {
          var opened =
              KeyGenerationSession.open(
                  desk,
                  ledgers,
                  new KeyOrder(request, generating.committee(), context),
                  endpoint(context, generating.committee()),
                  prepared.ending(),
                  bench,
                  prepared.slab());
          thread.pin(opened.session());
          pinned.accept(opened.session(), opened.reply());
          return opened.reply();
        });
  }

  private StepReply rekey(
      SessionContext context,
      Admission.Read.Rekeying rekeying,
      BiConsumer<LiveSession, StepReply> pinned) {
    var size = held(Footprint.agreement(1), Footprint.agreementWork());
    if (size.isEmpty()) {
      return tooLittleMemory();
    }
    var ready = prepare(rekeying.committee(), docket.rekeying(context, rekeying), size.get());
    if (ready instanceof Prepared.Ended(StepReply reply)) {
      return reply;
    }
    var prepared = (Prepared.Ready) ready;
    return begun(
        prepared,
        () -> {
          var opened =
              PairRekeySession.open(
                  desk,
                  rekeying,
                  endpoint(context, rekeying.committee()),
                  prepared.ending(),
                  bench,
                  prepared.slab());
          thread.pin(opened.session());
          pinned.accept(opened.session(), opened.reply());
          return opened.reply();
        });
  }

  private Optional<SizeClass> size(SessionContext context) {
    return context.suite() == Suite.DKLS23_SECP256K1
        ? held(
            SizeClass.K64.bytes() + Footprint.agreement(others(context).size()),
            Footprint.agreementWork())
        : Optional.of(SizeClass.K64);
  }

  private Endpoint endpoint(SessionContext context, Books.Entry committee) {
    bench.random().absorb(desk.log().state().getBytes(US_ASCII));
    try (var lease = bench.lease()) {
      return new Endpoint(
          context,
          desk.books().self(),
          committee.pins(),
          desk.envelopeKeys().signer(lease, bench.random()));
    }
  }

  /** Either the end of it, or memory and proof to go on with. */
  private sealed interface Prepared {
    record Ready(Ending ending, SessionSlab slab) implements Prepared {}

    record Ended(StepReply reply) implements Prepared {}
  }

  private Prepared prepare(Books.Entry committee, Docket.Case one, SizeClass size) {
    var context = one.context();
    SessionSlab slab;
    try {
      slab = bench.pool().session(size, new CallerId(one.initiator()), idle(context.protocol()));
    } catch (PoolExhausted e) {
      return new Prepared.Ended(
          Engine.refused(
              Code.OVERLOADED, "no secret memory is free for " + one.initiator() + "; retry"));
    }
    try {
      var filed = docket.file(one, true);
      if (!(filed instanceof Docket.Filed.Approved(Approval approval, Recorded recorded))) {
        slab.close();
        return new Prepared.Ended(ended(filed));
      }
      require(approval, recorded, one.request());
      return new Prepared.Ready(
          new Ending(desk, context, committee, one.request().requestId(), one.session()), slab);
    } catch (RuntimeException | Error e) {
      slab.close();
      throw e;
    }
  }

  private static StepReply ended(Docket.Filed filed) {
    return switch (filed) {
      case Docket.Filed.Ended(Outcome outcome) -> new StepReply.Finished(outcome);
      case Docket.Filed.Refused(Refusal refusal) -> new StepReply.Refused(refusal);
      case Docket.Filed.Approved _, Docket.Filed.Unwritten _ ->
          throw new IllegalStateException("a request that may go on does not end here");
    };
  }

  private static Duration idle(Protocol protocol) {
    return Engine.isCeremony(protocol) ? CEREMONY_IDLE : IDLE;
  }

  /** No key is touched unless policy has allowed this very request and the log holds that. */
  private void require(Approval approval, Recorded recorded, RequestBody request) {
    if (!recorded.covers(approval.decision()) || !approval.covers(request.digest())) {
      throw new IllegalStateException("the log records another decision");
    }
    if (!approval.expiry().isAfter(desk.clock().instant())) {
      throw new IllegalStateException("the approval has expired between two lines");
    }
  }
}
