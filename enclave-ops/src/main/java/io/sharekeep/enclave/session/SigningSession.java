package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.memory.SessionSlab;
import io.sharekeep.enclave.memory.ShareLease;
import io.sharekeep.enclave.memory.ShareOverdue;
import io.sharekeep.enclave.store.Consumptions.Consumption;
import io.sharekeep.enclave.store.Outboxes.Answered;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.enclave.vault.OpenShares;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.frost.Aggregation;
import io.sharekeep.threshold.frost.Committed;
import io.sharekeep.threshold.frost.NonceCommitment;
import io.sharekeep.threshold.frost.SignatureShare;
import io.sharekeep.threshold.frost.Signers;
import io.sharekeep.threshold.frost.SigningPackage;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionId;
import io.sharekeep.threshold.wire.SignedBlame;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.SigningStatement;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * FROST signing at one party: commit, sign, aggregate (protocols, section 6.1), for every signature
 * of one transaction side by side. All of them are released or none.
 */
final class SigningSession implements LiveSession {
  /** Rounds that a relay carries at most. */
  static final int ROUNDS = 3;

  private static final int COMMIT = 1;
  private static final int SIGN = 2;
  private static final int AGGREGATE = 3;

  private final Desk desk;
  private final SigningOrder order;
  private final Endpoint endpoint;
  private final Signers signers;
  private final Ending ending;
  private final Workbench bench;
  private final SessionSlab slab;
  private final Map<Integer, List<Committed>> nonces = new TreeMap<>();
  private final List<SigningPackage> packages = new ArrayList<>();
  private volatile int next = SIGN;

  /** The own commitments, as they were sent. */
  private final List<FrostNonces.Entry> own = new ArrayList<>();

  private SigningSession(
      Desk desk,
      SigningOrder order,
      Endpoint endpoint,
      Signers signers,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    this.desk = desk;
    this.order = order;
    this.endpoint = endpoint;
    this.signers = signers;
    this.ending = ending;
    this.bench = bench;
    this.slab = slab;
  }

  /** A session that has run its first round, and what it sends. */
  record Opened(SigningSession session, SignedEnvelope broadcast) {}

  /** Round 1: opens the share, draws nonces for every lane and own point, wipes the share. */
  static Opened open(
      Desk desk,
      SigningOrder order,
      Endpoint endpoint,
      Signers signers,
      Ending ending,
      Workbench bench,
      SessionSlab slab) {
    var session = new SigningSession(desk, order, endpoint, signers, ending, bench, slab);
    try {
      return new Opened(session, session.commit());
    } catch (RuntimeException | Error e) {
      session.wipe();
      throw e;
    }
  }

  private SignedEnvelope commit() {
    long started = System.nanoTime();
    var entries = own;
    try (var lease = bench.lease();
        var share = open(lease)) {
      for (int lane = 0; lane < order.lanes().size(); lane++) {
        var key = order.lanes().get(lane).schnorr();
        var own = new ArrayList<Committed>();
        nonces.put(lane, own);
        for (var point : ownPoints()) {
          var committed =
              share(share, point)
                  .lend(bytes ->
                      Committed.commit(
                          key.suite(), key.group(), slab, bench.random(), point, bytes));
          own.add(committed);
          var commitment = committed.commitment();
          entries.add(
              new FrostNonces.Entry(
                  lane, point, entries.size(), commitment.hiding(), commitment.binding()));
        }
      }
    }
    var sent =
        endpoint.broadcast(
            COMMIT,
            new FrostNonces(desk.boot(), entries).encoded(),
            Optional.of(Octets.of(desk.checkpoint().note())));
    desk.counters().took("round{protocol=\"frost-sign\",round=\"1\"}", System.nanoTime() - started);
    return sent;
  }

  private OpenShares open(ShareLease lease) {
    // As it is sealed now: a kek that sealed it when the session began may be gone.
    var key = desk.keys().find(order.key().id()).orElse(order.key());
    return desk.vault().open(key.record(), lease, desk.group(key), ending::held);
  }

  private static Secret share(OpenShares open, EvaluationPoint point) {
    var share = open.shares().get(point);
    if (share == null) {
      throw new IllegalStateException("the record holds no share of point " + point.x());
    }
    return share;
  }

  private List<EvaluationPoint> ownPoints() {
    return endpoint.context().pointsOf(endpoint.self());
  }

  @Override
  public StepReply step(int round, List<byte[]> inbox) {
    slab.touch();
    try {
      return answer(round, inbox);
    } catch (ShareOverdue e) {
      abandon("its share lay open for too long and was wiped");
      throw e;
    }
  }

  private StepReply answer(int round, List<byte[]> inbox) {
    long started = System.nanoTime();
    var reply =
        switch (Inbox.take(endpoint, round - 1, inbox, ending.receiving())) {
          case Inbox.Result.Incomplete(Refusal refusal) -> new StepReply.Refused(refusal);
          case Inbox.Result.Contradicted contradicted -> abort(contradicted.accusation(endpoint));
          case Inbox.Result.Refused(Refusal refusal) -> refuse(refusal);
          case Inbox.Result.Complete _ -> round == SIGN ? sign(inbox) : aggregate();
        };
    desk.counters()
        .took(
            "round{protocol=\"frost-sign\",round=\"" + round + "\"}", System.nanoTime() - started);
    return reply;
  }

  private StepReply sign(List<byte[]> inbox) {
    var entries = new ArrayList<FrostNonces.Entry>();
    for (var accepted : endpoint.accepted(COMMIT).entrySet()) {
      var decoded =
          accepted.getKey().equals(endpoint.self())
              ? Optional.of(own)
              : decodeNonces(accepted.getKey(), accepted.getValue());
      if (decoded.isEmpty()) {
        return abort(Fault.BAD_ENCODING, List.of(accepted.getKey()));
      }
      entries.addAll(decoded.get());
    }
    endpoint.fix(SessionId.ofFrostSigning(endpoint.contextHash(), entries));
    for (int lane = 0; lane < order.lanes().size(); lane++) {
      int wanted = lane;
      var commitments =
          entries.stream()
              .filter(entry -> entry.lane() == wanted)
              .map(entry -> new NonceCommitment(entry.point(), entry.hiding(), entry.binding()))
              .sorted(Comparator.comparing(NonceCommitment::point))
              .toList();
      switch (SigningPackage.of(
          order.lanes().get(lane).schnorr(),
          signers,
          order.lanes().get(lane).message(),
          commitments,
          nonces.getOrDefault(lane, List.of()))) {
        case Step.Advanced<SigningPackage>(SigningPackage signing) -> packages.add(signing);
        case Step.Aborted<SigningPackage>(Fault fault, List<PartyId> culprits) -> {
          return abort(fault, culprits);
        }
      }
    }
    return respond(inbox);
  }

  /** Exactly one entry for each lane and point of that party, from its running process. */
  private Optional<List<FrostNonces.Entry>> decodeNonces(PartyId party, SignedEnvelope sent) {
    var group = order.key().group();
    var decoded =
        FrostNonces.decode(group, desk.group(order.key()).publicOps(), sent.envelope().payload());
    var expected = new ArrayList<Map.Entry<Integer, EvaluationPoint>>();
    for (int lane = 0; lane < order.lanes().size(); lane++) {
      for (var point : endpoint.context().pointsOf(party)) {
        expected.add(Map.entry(lane, point));
      }
    }
    return decoded
        .valid()
        .filter(nonces ->
            sent.envelope()
                .certificate()
                .map(certificate -> certificate.body().bootId().equals(nonces.bootId()))
                .orElse(false))
        .map(FrostNonces::entries)
        .filter(entries ->
            entries.stream()
                .map(entry -> Map.entry(entry.lane(), entry.point()))
                .toList()
                .equals(expected));
  }

  /** Round 2: spends the nonces, records that durably, and only then sends the shares. */
  private StepReply respond(List<byte[]> inbox) {
    var shares = new ArrayList<FrostShares.Entry>();
    try (var lease = bench.lease();
        var share = open(lease)) {
      for (int lane = 0; lane < packages.size(); lane++) {
        for (var committed : nonces.getOrDefault(lane, List.of())) {
          var point = committed.commitment().point();
          var signing = packages.get(lane);
          switch (share(share, point).lend(bytes -> committed.sign(bytes, signing))) {
            case Step.Advanced<SignatureShare>(SignatureShare z) ->
                shares.add(new FrostShares.Entry(lane, point, z.z()));
            case Step.Aborted<SignatureShare>(Fault fault, List<PartyId> culprits) -> {
              return abort(fault, culprits);
            }
          }
        }
      }
    }
    var sent = endpoint.broadcast(SIGN, new FrostShares(shares).encoded(), Optional.empty());
    var reply = ending.sent(List.of(sent));
    var session = endpoint.session().orElseThrow();
    boolean consumed =
        desk.store()
            .commit(tx -> {
              return ending.spend(tx)
                  && desk.sessions()
                      .advance(tx, ending.id(), desk.boot().toArray(), "opened", "signed")
                  && desk.sessions().bind(tx, ending.id(), desk.boot().toArray(), session.toArray())
                  && consume(tx, session)
                  && ending.remember(
                      tx, SIGN, new Answered(Ending.digest(inbox), ending.encode(reply)));
            });
    // Committed: from here a crash finds the nonces consumed and this reply stored; the same
    // question gets the same bytes, another one nothing.
    if (!consumed) {
      var frozen = ending.frozen();
      if (frozen.isPresent()) {
        return refuse(frozen.get());
      }
      return abort(Fault.COMMITMENT_MISSING, List.of());
    }
    slab.close();
    next = AGGREGATE;
    return reply;
  }

  private boolean consume(Transaction tx, Octets session) {
    desk.peers().persist(tx);
    boolean fresh = true;
    for (int lane = 0; lane < packages.size(); lane++) {
      var id = TaggedHash.of(Tag.SESSION_FROST).integer(lane);
      for (var committed : nonces.getOrDefault(lane, List.of())) {
        id.element(committed.commitment().hiding()).element(committed.commitment().binding());
      }
      fresh &=
          desk.consumptions()
              .consume(
                  tx,
                  new Consumption(
                      id.digest().toArray(),
                      order.key().id(),
                      order.key().epoch(),
                      desk.boot().toArray(),
                      session.toArray(),
                      lane,
                      ending.binding(),
                      desk.clock().instant()));
    }
    return fresh;
  }

  /** Round 3: joins the shares; nothing leaves this that an independent verifier refuses. */
  private StepReply aggregate() {
    var byLane = new HashMap<Integer, List<SignatureShare>>();
    var ops = desk.group(order.key()).publicOps();
    for (var accepted : endpoint.accepted(SIGN).entrySet()) {
      var decoded =
          FrostShares.decode(ops, accepted.getValue().envelope().payload())
              .valid()
              .filter(shares -> ownsAll(accepted.getKey(), shares));
      if (decoded.isEmpty()) {
        return doubt(Fault.BAD_ENCODING, List.of(accepted.getKey()));
      }
      for (var entry : decoded.get().entries()) {
        byLane
            .computeIfAbsent(entry.lane(), _ -> new ArrayList<>())
            .add(new SignatureShare(entry.point(), entry.share()));
      }
    }
    var signatures = new ArrayList<byte[]>();
    for (int lane = 0; lane < packages.size(); lane++) {
      switch (Aggregation.aggregate(
          packages.get(lane),
          byLane.getOrDefault(lane, List.of()),
          order.key().verificationShares(),
          desk.verifier())) {
        case Step.Advanced<byte[]>(byte[] signature) -> signatures.add(signature);
        case Step.Aborted<byte[]>(Fault fault, List<PartyId> culprits) -> {
          return doubt(fault, culprits);
        }
      }
    }
    return release(signatures);
  }

  /** Nobody is blamed for what it did not sign: that is forgotten, and asked for again. */
  private StepReply doubt(Fault fault, List<PartyId> culprits) {
    var forgotten = endpoint.forgetUnsigned(SIGN);
    return forgotten.isEmpty() ? abort(fault, culprits) : ending.unsigned(SIGN, forgotten);
  }

  private boolean ownsAll(PartyId party, FrostShares shares) {
    var points = endpoint.context().pointsOf(party);
    return shares.entries().size() == points.size() * packages.size()
        && shares.entries().stream()
            .allMatch(entry -> entry.lane() < packages.size() && points.contains(entry.point()));
  }

  private StepReply release(List<byte[]> signatures) {
    var released = new ArrayList<Outcome.Signature>();
    var messages = new ArrayList<String>();
    for (int lane = 0; lane < signatures.size(); lane++) {
      var made = order.lanes().get(lane);
      released.add(
          new Outcome.Signature(
              made.input(), made.publicKey(), made.message(), signatures.get(lane)));
      messages.add(Ending.sha256(made.message()));
    }
    var outcome =
        new Outcome.Signed(
            order.request().requestId(),
            order.key().id(),
            order.key().scheme(),
            released,
            order.assemble(signatures));
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

  private StepReply abort(Fault fault, List<PartyId> culprits) {
    return abort(endpoint.accuse(fault, culprits, List.of(), Optional.of(stated())));
  }

  private StepReply abort(SignedBlame blame) {
    next = 0;
    wipe();
    return ending.abort(blame);
  }

  /** What the shares are for: no message of the session says it. */
  private SigningStatement stated() {
    var shares = new TreeMap<EvaluationPoint, Octets>();
    for (var point : signers.points()) {
      var share = Optional.ofNullable(order.key().verificationShares().get(point)).orElseThrow();
      shares.put(point, Octets.of(share.encoded()));
    }
    return new SigningStatement(
        order.lanes().stream().map(lane -> lane.schnorr().stated(lane.message())).toList(), shares);
  }

  private StepReply refuse(Refusal refusal) {
    next = 0;
    wipe();
    return ending.refuse(refusal);
  }

  private void wipe() {
    nonces.values().forEach(own -> own.forEach(Committed::close));
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
    return ending.isPastDeadline() || (next == SIGN && slab.isIdle());
  }

  @Override
  public void abandon(String reason) {
    next = 0;
    wipe();
    ending.lose(reason);
  }
}
