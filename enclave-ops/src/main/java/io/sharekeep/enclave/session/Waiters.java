package io.sharekeep.enclave.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.enclave.DigestWords;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.WaitingRequest;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.Assent;
import io.sharekeep.enclave.policy.Assent.Choice;
import io.sharekeep.enclave.policy.Assents;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.store.Approvals.ApprovalRow;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.enclave.store.Waiting.WaitingRow;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Requests that wait for people, and what people say to them. */
final class Waiters {
  /** How a request ends that somebody has rejected. */
  private static final String REJECTED = "rejected";

  private final Desk desk;
  private final Admission admission;
  private final Docket docket;

  Waiters(Desk desk) {
    this.desk = desk;
    this.admission = new Admission(desk);
    this.docket = new Docket(desk);
  }

  /** By when they came. */
  List<WaitingRequest> all() {
    return desk.store().read(desk.waiting()::all).stream()
        .flatMap(row -> shown(row).stream())
        .toList();
  }

  Optional<WaitingRequest> find(String requestId) {
    return desk.store().read(from -> desk.waiting().find(from, requestId)).flatMap(this::shown);
  }

  private Optional<WaitingRequest> shown(WaitingRow row) {
    return admission.read(order(row)) instanceof Admission.Read.Decidable asked
        ? Optional.of(new WaitingRequest(asked.asked(), json(row, asked)))
        : Optional.empty();
  }

  /** As it came, with the approvals that it has. */
  private Order order(WaitingRow row) {
    return switch (SignedRequests.parse(row.signedRequest())) {
      case SignedRequests.Parsed.Sign(var request) ->
          new Order.Sign(request, row.payload(), approvals(row.requestId()));
      case SignedRequests.Parsed.GenerateKey(var request) ->
          new Order.GenerateKey(request, approvals(row.requestId()));
      case SignedRequests.Parsed.RekeyPair _, SignedRequests.Parsed.Malformed _ ->
          throw new IllegalStateException("a stored request does not read");
    };
  }

  private List<byte[]> approvals(String requestId) {
    return desk.store().read(from -> desk.approvals().of(from, requestId)).stream()
        .filter(row -> row.choice().equals(Choice.APPROVE.label()))
        .limit(Assents.MOST)
        .map(ApprovalRow::statement)
        .toList();
  }

  private byte[] json(WaitingRow row, Admission.Read.Decidable asked) {
    var subject = asked.subject(desk.tenant());
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", 1);
    json.put("tenant", desk.tenant());
    json.put("requestId", row.requestId());
    json.put("initiator", asked.initiator());
    json.set("request", StrictJson.object(row.signedRequest()));
    switch (asked) {
      case Admission.Read.Signing(var order, var _, var _, var _) -> {
        json.put("payload", HexFormat.of().formatHex(row.payload()));
        json.putObject("account")
            .put("chain", order.account().chain().name())
            .put("key", order.account().key().hex());
        json.put("epoch", subject.epoch());
      }
      case Admission.Read.Generating _ -> {}
    }
    json.put(subject.hashName(), subject.hash());
    subject.summary().forEach(json.putArray("summary")::add);
    DigestWords.of(subject.hash()).forEach(json.putArray("words")::add);
    json.put("policy", row.policy());
    json.put("rule", row.rule());
    json.put("missing", row.missing());
    json.put("until", row.until().toString());
    var said = json.putArray("said");
    desk.store()
        .read(from -> desk.approvals().of(from, row.requestId()))
        .forEach(one -> said.addObject().put("person", one.person()).put("choice", one.choice()));
    return CanonicalJson.bytes(json);
  }

  /**
   * Takes what a person has signed about a request that waits here.
   *
   * @return why not, if not
   */
  Optional<Refusal> take(String requestId, byte[] statement) {
    var row = desk.store().read(from -> desk.waiting().find(from, requestId));
    if (row.isEmpty()) {
      return notWaiting(requestId);
    }
    if (!(desk.books().judge() instanceof RulesJudge judge)
        || !(admission.read(order(row.get())) instanceof Admission.Read.Decidable asked)) {
      return notWaiting(requestId);
    }
    return switch (read(statement, judge, asked)) {
      case Assents.Read.Refused(Refusal refusal) -> Optional.of(refusal);
      case Assents.Read.Valid(Assent assent) ->
          desk.store().commit(tx -> write(tx, judge, row.get(), assent));
        // Committed: from here the approval counts, also after a restart; a rejected request is
        // over.
    };
  }

  private Assents.Read read(byte[] statement, RulesJudge judge, Admission.Read.Decidable asked) {
    return Assents.read(
        statement,
        asked.subject(desk.tenant()),
        judge.policy(),
        asked.initiator(),
        desk.clock().instant());
  }

  /**
   * Takes word of an approval that is taken back, or of a rejection, about a request that need not
   * have come here.
   *
   * @return why not, if not
   */
  Optional<Refusal> hear(Order order, byte[] statement) {
    if (!(desk.books().judge() instanceof RulesJudge judge)) {
      return notWaiting(order.requestId()); // A closed list asks nobody.
    }
    return switch (admission.read(order)) {
      case Admission.Read.Refused(Refusal refusal) -> Optional.of(refusal);
      case Admission.Read.Known(Outcome.Denied _) -> Optional.empty();
      case Admission.Read.Known _, Admission.Read.Rekeying _, Admission.Read.Presigning _ ->
          notWaiting(order.requestId());
      case Admission.Read.Decidable asked ->
          switch (read(statement, judge, asked)) {
            case Assents.Read.Refused(Refusal refusal) -> Optional.of(refusal);
            case Assents.Read.Valid(Assent assent) when assent.choice() == Choice.APPROVE ->
                Optional.of(
                    new Refusal(Code.APPROVAL_MALFORMED, "an approval comes with its request"));
            case Assents.Read.Valid(Assent assent) ->
                desk.store().commit(tx -> heard(tx, judge, asked, assent));
              // Committed: from here that approval does not count here, or the request is over.
          };
    };
  }

  private Optional<Refusal> heard(
      Transaction tx, RulesJudge judge, Admission.Read.Decidable asked, Assent assent) {
    if (desk.books().judge() != judge) {
      return changed();
    }
    var request = asked.asked().body();
    docket.expire(tx, desk.clock().instant());
    var waits = desk.waiting().find(tx, request.requestId());
    if (waits.isEmpty() && desk.requests().find(tx, request.requestId()).isPresent()) {
      return notWaiting(request.requestId()); // Its session is open, or it is over.
    }
    note(tx, request.digest(), request.requestId(), assent);
    if (assent.choice() == Choice.REJECT) {
      waits.ifPresentOrElse(
          row -> docket.close(tx, row, REJECTED, assent.person()),
          () -> docket.refuse(tx, asked, REJECTED, assent.person()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> changed() {
    return Optional.of(
        new Refusal(Code.POLICY_UNAVAILABLE, "the policy has just changed; ask again"));
  }

  private Optional<Refusal> write(Transaction tx, RulesJudge judge, WaitingRow row, Assent assent) {
    if (desk.books().judge() != judge) {
      return changed();
    }
    docket.expire(tx, desk.clock().instant());
    if (desk.waiting().find(tx, row.requestId()).isEmpty()) {
      return notWaiting(row.requestId());
    }
    var before = desk.approvals().find(tx, row.requestId(), assent.person());
    boolean approved =
        before.filter(said -> said.choice().equals(Choice.APPROVE.label())).isPresent();
    boolean repeated =
        switch (assent.choice()) {
          case APPROVE -> before.isPresent();
          case WITHDRAW -> !approved;
          case REJECT -> false;
        };
    if (repeated) {
      return Optional.of(
          new Refusal(
              Code.APPROVAL_REPEATED,
              before
                  .map(said -> assent.person() + " has said " + said.choice() + " already")
                  .orElse(assent.person() + " has nothing to take back")));
    }
    note(
        tx,
        desk.requests().find(tx, row.requestId()).orElseThrow().digest(),
        row.requestId(),
        assent);
    if (assent.choice() == Choice.REJECT) {
      docket.close(tx, row, REJECTED, assent.person());
    }
    return Optional.empty();
  }

  /** Their last word on it. */
  private void note(Transaction tx, byte[] digest, String requestId, Assent assent) {
    desk.approvals()
        .put(
            tx,
            new ApprovalRow(
                requestId,
                assent.person(),
                assent.choice().label(),
                assent.json(),
                desk.clock().instant()));
    desk.log()
        .append(
            tx,
            new Entry.ApprovalTaken(
                Judge.decision(digest),
                requestId,
                assent.person(),
                assent.choice().label(),
                Ending.sha256(assent.json())));
  }

  /**
   * What people have said to an order, as far as this party believes it: brought along or held
   * here. What a person has taken back here does not count, whoever brings the approval.
   */
  static List<Assent> assents(Desk desk, RulesJudge judge, Admission.Read.Decidable asked) {
    var requestId = asked.asked().requestId();
    var held = desk.store().read(from -> desk.approvals().of(from, requestId));
    var statements = new ArrayList<>(asked.asked().approvals());
    held.stream()
        .filter(row -> row.choice().equals(Choice.APPROVE.label()))
        .map(ApprovalRow::statement)
        .forEach(statements::add);
    if (statements.isEmpty()) {
      return List.of();
    }
    var subject = asked.subject(desk.tenant());
    var now = desk.clock().instant();
    var people = new TreeMap<String, Assent>();
    for (var statement : statements) {
      if (Assents.read(statement, subject, judge.policy(), asked.initiator(), now)
              instanceof Assents.Read.Valid(Assent assent)
          && assent.choice() == Choice.APPROVE) {
        people.putIfAbsent(assent.person(), assent);
      }
    }
    held.stream()
        .filter(row -> !row.choice().equals(Choice.APPROVE.label()))
        .forEach(row -> people.remove(row.person()));
    return List.copyOf(people.values());
  }

  private static Optional<Refusal> notWaiting(String requestId) {
    return Optional.of(
        new Refusal(Code.NOT_WAITING, "no request " + requestId + " waits for people here"));
  }
}
