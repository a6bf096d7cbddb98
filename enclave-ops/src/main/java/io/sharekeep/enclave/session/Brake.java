package io.sharekeep.enclave.session;

import io.sharekeep.enclave.AdministratorStatement;
import io.sharekeep.enclave.AdministratorStatement.Action;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.policy.RulesJudge;
import io.sharekeep.enclave.store.Freezes;
import io.sharekeep.enclave.store.Freezes.FreezeRow;
import io.sharekeep.enclave.store.Sessions.SessionRow;
import io.sharekeep.enclave.store.Transaction;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Stops signing at one administrator's word, at once, and lets it go on at the word of the quorum
 * that the policy names. It is read in the transaction of every decision, and again in the one
 * before a last-round message leaves.
 */
final class Brake {
  private final Desk desk;
  private final Signatories signatories;

  Brake(Desk desk) {
    this.desk = desk;
    this.signatories = new Signatories(desk);
  }

  /** Whether the whole appliance stands still. */
  boolean stands() {
    return desk.store().read(desk.freezes()::standing).stream()
        .anyMatch(row -> row.scope().equals(Freezes.APPLIANCE));
  }

  /** Any one administrator's word. */
  Frozen freeze(byte[] json) {
    if (!(AdministratorStatement.parse(json)
        instanceof AdministratorStatement.Parsed.Valid(AdministratorStatement statement))) {
      return refused(Code.MALFORMED, "this is no signed statement");
    }
    var who = signatories.administrator(statement, Action.FREEZE);
    if (who.isEmpty()) {
      return unauthentic();
    }
    if (!statement.about().equals(Freezes.APPLIANCE) && !isKey(statement.about())) {
      return refused(Code.UNKNOWN_KEY, "it is about neither the appliance nor a key of this party");
    }
    var row =
        new FreezeRow(
            HexFormat.of().formatHex(statement.digest()),
            statement.about(),
            who.get(),
            json,
            desk.clock().instant(),
            false);
    return desk.store()
        .commit(tx -> {
          if (!desk.freezes().add(tx, row)) {
            return refused(Code.APPROVAL_REPEATED, "this very statement has frozen it before");
          }
          desk.log().append(tx, new Entry.Froze(row.id(), row.scope(), row.by()));
          return new Frozen.Done(row.id(), row.scope(), true, beyond(tx, row.scope()));
        });
    // Committed: from here no decision and no last-round message of its scope is made.
  }

  private boolean isKey(String about) {
    return about.matches("[0-9a-f]{32}") && desk.keys().find(new KeyId(about)).isPresent();
  }

  /** Requests of that scope that a freeze came too late for. */
  private List<String> beyond(Transaction tx, String scope) {
    return desk.sessions().openIn(tx, "signed").stream()
        .filter(session -> scope.equals(Freezes.APPLIANCE) || session.keyId().hex().equals(scope))
        .map(SessionRow::requestId)
        .sorted()
        .toList();
  }

  /** The word of as many as the policy asks for, each about this very freeze. */
  Frozen unfreeze(List<byte[]> statements) {
    var judge = desk.books().judge();
    if (!(judge instanceof RulesJudge rules)) {
      return refused(
          Code.STATE,
          "the policy in force names no quorum that may unfreeze: it needs one of typed rules");
    }
    var people = new TreeSet<String>();
    var about = new TreeSet<String>();
    for (byte[] json : statements) {
      if (!(AdministratorStatement.parse(json)
          instanceof AdministratorStatement.Parsed.Valid(AdministratorStatement statement))) {
        return refused(Code.MALFORMED, "this is no signed statement");
      }
      var who = signatories.person(statement, Action.UNFREEZE);
      if (who.isEmpty()) {
        return unauthentic();
      }
      people.add(who.get());
      about.add(statement.about());
    }
    if (about.size() != 1) {
      return refused(Code.MALFORMED, "the statements are not about one and the same freeze");
    }
    var missing = rules.missingToUnfreeze(people);
    if (!missing.isEmpty()) {
      return refused(Code.POLICY_DEFERRED, "it still needs " + String.join(" and ", missing));
    }
    var now = desk.clock().instant();
    return desk.store()
        .commit(tx -> {
          var row = desk.freezes().find(tx, about.first());
          if (row.isEmpty() || !desk.freezes().lift(tx, row.get().id(), now)) {
            return refused(Code.NOT_WAITING, "no freeze of that id stands");
          }
          desk.log()
              .append(
                  tx, new Entry.Unfroze(row.get().id(), row.get().scope(), List.copyOf(people)));
          return new Frozen.Done(row.get().id(), row.get().scope(), false, List.of());
        });
    // Committed: from here requests of its scope are decided again.
  }

  private static Frozen unauthentic() {
    return new Frozen.Refused(Signatories.UNAUTHENTIC);
  }

  private static Frozen refused(Code code, String detail) {
    return new Frozen.Refused(new Refusal(code, detail));
  }

  /** To whoever wants a signature of a key that stands still. */
  static Refusal refusal(KeyId key) {
    return new Refusal(
        Code.FROZEN, "an administrator has frozen key " + key + " or the whole appliance");
  }
}
