package io.sharekeep.enclave.session;

import io.sharekeep.enclave.AdministratorStatement;
import io.sharekeep.enclave.AdministratorStatement.Action;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.DocumentFile.Kind;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.ClosedListJudge;
import io.sharekeep.enclave.policy.Lists;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.rules.Listing;
import io.sharekeep.enclave.store.PendingPolicies.CancelledRow;
import io.sharekeep.enclave.store.PendingPolicies.PendingRow;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.SignedDocuments;
import io.sharekeep.enclave.store.SignedDocuments.DocumentRow;
import io.sharekeep.enclave.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Takes newer versions of the policy and of its lists: each is judged by the policy in force alone,
 * and comes into force in the transaction that logs it.
 */
final class Succession {
  private final Desk desk;
  private final byte[] owner;

  /**
   * @param owner SubjectPublicKeyInfo of whoever owns this party
   */
  Succession(Desk desk, byte[] owner) {
    this.desk = desk;
    this.owner = owner.clone();
  }

  Following take(DocumentFile file) {
    var now = desk.clock().instant().truncatedTo(ChronoUnit.MILLIS); // What is answered is kept.
    return desk.store()
        .commit(tx -> {
          due(desk, tx, now);
          return switch (file.kind()) {
            case TYPED_POLICY -> policy(tx, file, now);
            case LIST -> list(tx, file, now);
            case COMMITTEE, POLICY ->
                objected("only a policy of typed rules or a list of one may follow");
          };
        });
    // Committed: from here the document is in force, or waits for its time, also after a restart.
  }

  private Following policy(Transaction tx, DocumentFile file, Instant now) {
    var next = RuledPolicy.of(file);
    var objections = new ArrayList<String>();
    Instant from;
    switch (desk.books().judge()) {
      case ClosedListJudge _ -> {
        objections.addAll(afterList(file, next));
        from = next.rules().header().notBefore().filter(now::isBefore).orElse(now);
      }
      case RulesJudge judge -> {
        var policy = judge.policy();
        var succession =
            io.sharekeep.enclave.rules.Succession.of(
                policy.rules(), policy.hash(), next.rules(), policy.signers(file));
        objections.addAll(succession.objections());
        from = succession.activeFrom(now, next.rules());
      }
    }
    for (var committee : next.committees()) {
      if (desk.books().committee(committee).isEmpty()) {
        objections.add("this party holds no committee document " + committee);
      }
    }
    if (desk.pendingPolicies().isCancelled(tx, file.hash())) {
      objections.add(
          "an administrator has cancelled this very document; another one must be signed");
    }
    if (!objections.isEmpty()) {
      return new Following.Objected(List.copyOf(objections));
    }
    if (!now.isBefore(from)) {
      activate(desk, tx, file, now);
    } else if (!desk.pendingPolicies().put(tx, new PendingRow(file.toJson(), from, now))) {
      return objected("another version waits for its time already");
    } else {
      desk.log().append(tx, new Entry.PolicyPending(next.version(), file.hash(), from.toString()));
    }
    return new Following.Accepted(file.hash(), from);
  }

  /** A closed list knows no quorum: its owner, who signed it, signs what takes its place. */
  private List<String> afterList(DocumentFile file, RuledPolicy next) {
    var before = desk.books().policy();
    var objections = new ArrayList<String>();
    if (!file.signedBy(owner)) {
      objections.add("this party's owner has not signed");
    }
    if (!before.tenant().equals(next.tenant())
        || !before.id().equals(next.id())
        || !before.party().equals(next.party())) {
      objections.add("it is the policy of another tenant, id or party");
    }
    if (next.version() != before.version() + 1
        || !next.rules().header().previous().equals(Optional.of(desk.books().policyHash()))) {
      objections.add(
          "it does not follow version " + before.version() + ", " + desk.books().policyHash());
    }
    if (next.rules().holders("administrator").size() < Provisioning.ADMINISTRATORS) {
      objections.add("it names fewer than three administrators");
    }
    return objections;
  }

  /** Brings the version into force whose time has come, if there is one. */
  static void due(Desk desk, Transaction tx, Instant now) {
    desk.pendingPolicies()
        .find(tx)
        .filter(row -> !now.isBefore(row.activeFrom()))
        .ifPresent(row -> {
          desk.pendingPolicies().remove(tx);
          activate(desk, tx, file(row), now);
        });
  }

  private static DocumentFile file(PendingRow row) {
    return switch (DocumentFile.parse(row.bytes())) {
      case DocumentFile.Parsed.Document(var file) -> file;
      case DocumentFile.Parsed.Malformed(String reason) ->
          throw new IllegalStateException("a pending policy does not read: " + reason);
    };
  }

  private static PendingPolicy described(PendingRow row) {
    var file = file(row);
    return new PendingPolicy(file.hash(), RuledPolicy.of(file).version(), row.activeFrom());
  }

  /** The version that waits for its time, if there is one. */
  Optional<PendingPolicy> pending() {
    return desk.store().read(desk.pendingPolicies()::find).map(Succession::described);
  }

  /** Any one administrator's word, under the version in force, before the other's time has come. */
  Cancellation cancel(byte[] json) {
    if (!(AdministratorStatement.parse(json)
        instanceof AdministratorStatement.Parsed.Valid(AdministratorStatement statement))) {
      return new Cancellation.Refused(new Refusal(Code.MALFORMED, "this is no signed statement"));
    }
    var now = desk.clock().instant();
    return desk.store()
        .commit(tx -> {
          due(desk, tx, now);
          return cancel(tx, statement, json, now);
        });
    // Committed: from here that document never comes into force, also after a restart.
  }

  private Cancellation cancel(
      Transaction tx, AdministratorStatement statement, byte[] json, Instant now) {
    var who = new Signatories(desk).administrator(statement, Action.CANCEL_POLICY);
    if (who.isEmpty()) {
      return new Cancellation.Refused(Signatories.UNAUTHENTIC);
    }
    var waits =
        desk.pendingPolicies()
            .find(tx)
            .map(Succession::described)
            .filter(pending -> pending.hash().equals(statement.about()));
    if (waits.isEmpty()) {
      return new Cancellation.Refused(
          new Refusal(
              Code.NOT_WAITING,
              "no version of the policy with that hash waits for its time; sharekeep status shows"
                  + " the one that does"));
    }
    var cancelled = waits.get();
    var row = new CancelledRow(cancelled.hash(), who.get(), json, now);
    if (!desk.pendingPolicies().remove(tx) || !desk.pendingPolicies().cancel(tx, row)) {
      throw new IllegalStateException("a cancelled version waits for its time");
    }
    desk.log()
        .append(
            tx,
            new Entry.PolicyCancelled(
                cancelled.version(),
                cancelled.hash(),
                who.get(),
                HexFormat.of().formatHex(statement.digest())));
    return new Cancellation.Done(cancelled);
  }

  /** What waited under the version before must be asked for anew. */
  private static void activate(Desk desk, Transaction tx, DocumentFile file, Instant now) {
    var docket = new Docket(desk);
    desk.waiting().all(tx).forEach(row -> docket.close(tx, row, "policy-changed", ""));
    var policy = RuledPolicy.of(file);
    accept(
        desk,
        tx,
        file,
        new Named(SignedDocuments.Kind.POLICY, "policy", policy.id(), policy.version()),
        now);
    var judge = RulesJudge.load(tx, policy, lists(tx, desk.tenant(), policy), now);
    replace(desk, tx, desk.books().with(judge, file.hash()));
  }

  private static void replace(Desk desk, Transaction tx, Books newer) {
    var before = desk.books();
    tx.onUndo(() -> desk.inForce().set(before));
    desk.inForce().set(newer);
  }

  private record Named(SignedDocuments.Kind kind, String word, String id, int version) {}

  private static void accept(
      Desk desk, Transaction tx, DocumentFile file, Named named, Instant now) {
    var row =
        new DocumentRow(
            file.digest(), named.kind(), named.id(), named.version(), file.toJson(), now);
    if (!new SignedDocuments(desk.tenant()).accept(tx, row)) {
      throw new IllegalStateException("a version that follows is held already");
    }
    desk.log()
        .append(
            tx, new Entry.DocumentAccepted(named.word(), named.id(), named.version(), file.hash()));
  }

  private static Listing listing(DocumentFile file) {
    return Listing.read(StrictJson.object(file.canonical()));
  }

  private Following list(Transaction tx, DocumentFile file, Instant now) {
    if (!(desk.books().judge() instanceof RulesJudge judge)) {
      return objected("the policy in force knows no lists");
    }
    var listing = listing(file);
    var before = Optional.ofNullable(judge.lists().held().get(listing.name()));
    var objections = new ArrayList<>(judge.policy().objections(file, listing));
    if (listing.version() != before.map(held -> held.listing().version()).orElse(0) + 1
        || !listing.previous().equals(before.map(Lists.Held::hash))) {
      objections.add(
          "version "
              + listing.version()
              + " does not follow "
              + before.map(held -> held.listing().version() + ", " + held.hash()).orElse("none"));
    }
    if (!objections.isEmpty()) {
      return new Following.Objected(List.copyOf(objections));
    }
    accept(
        desk,
        tx,
        file,
        new Named(SignedDocuments.Kind.LIST, "list", listing.name(), listing.version()),
        now);
    replace(
        desk,
        tx,
        desk.books()
            .with(
                judge.with(judge.lists().with(new Lists.Held(listing, file.hash()))),
                desk.books().policyHash()));
    return new Following.Accepted(file.hash(), now);
  }

  /** The newest of each list that the policy believes; a list that it does not is missing. */
  static Lists lists(Reading from, String tenant, RuledPolicy policy) {
    var lists = Lists.NONE;
    for (var row : new SignedDocuments(tenant).all(from, SignedDocuments.Kind.LIST)) {
      // An older version does not stand in for a newer one that is not believed.
      lists =
          DocumentFile.parse(row.bytes()) instanceof DocumentFile.Parsed.Document(var file)
                  && file.kind() == Kind.LIST
                  && Arrays.equals(file.digest(), row.hash())
                  && policy.objections(file, listing(file)).isEmpty()
              ? lists.with(new Lists.Held(listing(file), file.hash()))
              : lists.without(row.id());
    }
    return lists;
  }

  private static Following objected(String objection) {
    return new Following.Objected(List.of(objection));
  }
}
