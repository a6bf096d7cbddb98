package io.sharekeep.enclave.session;

import io.sharekeep.enclave.AdministratorStatement;
import io.sharekeep.enclave.AdministratorStatement.Action;
import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import java.util.Optional;

/** Who has signed an administrator's statement, by the policy in force. */
final class Signatories {
  /** To whoever brings one that does not count. */
  static final Refusal UNAUTHENTIC =
      new Refusal(
          Code.REQUEST_UNAUTHENTIC,
          "the statement is of another tenant or kind, has expired, or is not signed by who may");

  private final Desk desk;

  Signatories(Desk desk) {
    this.desk = desk;
  }

  /** The same, of an administrator alone. */
  Optional<String> administrator(AdministratorStatement statement, Action action) {
    return person(statement, action)
        .filter(name -> desk.books().policy().rolesOf(name).contains(Role.ADMINISTRATOR));
  }

  /** Who says so now, of this tenant; empty if the policy knows no such key or it does not hold. */
  Optional<String> person(AdministratorStatement statement, Action action) {
    return statement.action() == action
            && statement.tenant().equals(desk.tenant())
            && desk.clock().instant().isBefore(statement.expires())
        ? desk.books()
            .policy()
            .ownerOf(statement.algorithm(), statement.key())
            .filter(_ -> statement.verifies())
        : Optional.empty();
  }
}
