package io.sharekeep.enclave.session;

import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.audit.Entry;
import io.sharekeep.enclave.store.Keks;
import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.store.Keks.State;
import io.sharekeep.enclave.store.KeyRecords;
import io.sharekeep.enclave.vault.Kek;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.enclave.vault.SealCount;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeySpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * New keks for old ones. A kek is made under a name of its own and seals from then on; the old one
 * opens until no record needs it, and is destroyed only when somebody says so.
 */
final class Rotation {
  private final Desk desk;
  private final Resealing resealing;

  Rotation(Desk desk, Resealing resealing) {
    this.desk = desk;
    this.resealing = resealing;
  }

  /** The kek of a row, as it is used. */
  static Kek kek(KekRow row, KekHome home, Desk desk) {
    return new Kek(
        home,
        KekProof.key(row),
        row.generation(),
        new SealCount(desk.store(), desk.tenant(), row.id()));
  }

  /** Blocks for the HSM; never on a virtual thread. */
  synchronized Optional<Refusal> run(Sealing.Order order) {
    var refusal =
        switch (order) {
          case COMPLETE -> Optional.<Refusal>empty();
          case NEW_CORE_KEK -> renew(Role.CORE);
          case NEW_FALLBACK_KEK -> renew(Role.FALLBACK);
          case DESTROY_RETIRED -> destroy();
        };
    resealing.wake();
    return refusal;
  }

  private Optional<Refusal> renew(Role role) {
    var current = desk.vault().keks().current(role);
    if (current.isEmpty()) {
      return refusal(Code.STATE, "this appliance has no " + role.label() + " token");
    }
    var rows = rows(role);
    var sealed = desk.store().read(KeyRecords::sealed);
    if (rows.stream()
        .anyMatch(row -> row.state() == State.RETIRED && sealed.getOrDefault(row.id(), 0L) > 0)) {
      return refusal(
          Code.STATE,
          "the last rotation on the "
              + role.label()
              + " token is not over: a retired kek still opens records");
    }
    var home = current.get().home();
    if (!home.isFit() || home.token().isEmpty()) {
      return refusal(Code.HSM_UNAVAILABLE, "the " + role.label() + " token is not there now");
    }
    int next = 1 + rows.stream().mapToInt(KekRow::generation).max().orElse(0);
    var made = KekProof.make(home.token().get(), role, next, desk.clock().instant());
    desk.store()
        .commit(tx -> {
          rows.stream()
              .filter(row -> row.state() == State.CURRENT)
              .forEach(row -> Keks.move(tx, row.id(), State.CURRENT, State.RETIRED));
          Keks.add(tx, made);
          desk.log().append(tx, new Entry.KekMade(made.id(), made.token(), made.generation()));
          return made;
        });
    // Committed: from here every record is to be sealed under it, also after a crash. A crash
    // before leaves a key on the token that nothing uses; the next one gets the next name.
    desk.vault().keks().add(kek(made, home, desk));
    return Optional.empty();
  }

  private List<KekRow> rows(Role role) {
    return desk.store().read(Keks::all).stream()
        .filter(row -> row.token().equals(role.label()))
        .toList();
  }

  /** What is recorded as destroyed and is still there goes as well: a crash came between. */
  private Optional<Refusal> destroy() {
    var sealed = desk.store().read(KeyRecords::sealed);
    for (var row : desk.store().read(Keks::all)) {
      if (row.state() == State.RETIRED && sealed.getOrDefault(row.id(), 0L) == 0) {
        desk.store()
            .commit(tx -> {
              if (KeyRecords.sealed(tx).containsKey(row.id())) {
                throw new IllegalStateException("a retired kek has sealed a record");
              }
              Keks.move(tx, row.id(), State.RETIRED, State.DESTROYED);
              return desk.log()
                  .append(tx, new Entry.KekDestroyed(row.id(), row.token(), row.generation()));
            });
        // Committed: from here nothing asks for it; whatever is left of it goes below, or the next
        // time.
        desk.vault().keks().remove(row.id());
      }
    }
    for (var row : desk.store().read(Keks::all)) {
      if (row.state() == State.DESTROYED) {
        home(row).flatMap(KekHome::token).ifPresent(token -> destroy(token, row));
      }
    }
    return Optional.empty();
  }

  private Optional<KekHome> home(KekRow row) {
    return desk.vault().keks().current().stream()
        .map(Kek::home)
        .filter(home -> home.role().label().equals(row.token()) && home.isFit())
        .findFirst();
  }

  private static void destroy(Token token, KekRow row) {
    token
        .find(KeySpec.kek(row.generation()).name())
        .filter(found -> found.id().equals(row.id()))
        .ifPresent(token::destroy);
  }

  private static Optional<Refusal> refusal(Code code, String why) {
    return Optional.of(new Refusal(code, why));
  }

  /** What is there now. */
  Sealing sealing() {
    var sealed = desk.store().read(KeyRecords::sealed);
    var keks =
        desk.store().read(Keks::all).stream()
            .map(row -> {
              var used = desk.vault().keks().find(row.id());
              return new Sealing.Kek(
                  row.token(),
                  row.generation(),
                  row.id(),
                  row.state().name().toLowerCase(Locale.ROOT),
                  used.filter(kek -> kek.home().isFit()).isPresent(),
                  sealed.getOrDefault(row.id(), 0L),
                  used.map(kek -> kek.seals().counted()).orElse(0L));
            })
            .toList();
    var vault = desk.vault().statistics();
    return new Sealing(
        keks,
        desk.keys().all().size(),
        resealing.incomplete(),
        vault.opens(),
        vault.failovers(),
        resealing.trouble());
  }
}
