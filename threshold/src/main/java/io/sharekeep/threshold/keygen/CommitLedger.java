package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The atomic commit of a key generation (protocols.md, section 5.2), as a pure function of the
 * statements that a party holds. The caller stores statements durably before it acts on them, hands
 * all of them over to whoever asks, and asks for ever while the status is PENDING.
 *
 * <p>Under crashes alone all parties come to the same end. A party that signs both ways can strand
 * a key, but only an unused one: a key is used only where the {@code active} statements of all are
 * held.
 */
public final class CommitLedger {
  private final Octets session;
  private final long epoch;
  private final PartyId self;
  private final SortedMap<PartyId, IdentityKey> identities;
  private final Optional<Octets> certified;
  private final List<SignedStatement> statements;

  private CommitLedger(
      Octets session,
      long epoch,
      PartyId self,
      SortedMap<PartyId, IdentityKey> identities,
      Optional<Octets> certified,
      List<SignedStatement> statements) {
    this.session = session;
    this.epoch = epoch;
    this.self = self;
    this.identities = Collections.unmodifiableSortedMap(new TreeMap<>(identities));
    this.certified = certified;
    this.statements = List.copyOf(statements);
  }

  /**
   * An empty ledger.
   *
   * @param identities of all n parties, from the own committee document
   * @param certified what this party certifies: the hash of its own PENDING record, empty without
   *     one
   */
  public static CommitLedger of(
      Octets session,
      long epoch,
      PartyId self,
      SortedMap<PartyId, IdentityKey> identities,
      Optional<Octets> certified) {
    return new CommitLedger(session, epoch, self, identities, certified, List.of());
  }

  /** What became of a statement. */
  public sealed interface Addition {
    /** It counts from now on; store it before the next step. */
    record Added(CommitLedger ledger) implements Addition {}

    /** An equal one was there. */
    record Known() implements Addition {}

    /** It says nothing here: unsigned, of a stranger, or about something else. */
    record Refused(String reason) implements Addition {}
  }

  /** Takes a statement in, the own ones too. */
  public Addition with(SignedStatement statement) {
    var identity = identities.get(statement.signer());
    if (identity == null) {
      return new Addition.Refused("its signer has no part in this key generation");
    }
    if (!concerns(statement.statement())) {
      return new Addition.Refused("it is about another key generation, or another outcome");
    }
    boolean known =
        statements.stream()
            .anyMatch(held ->
                held.signer().equals(statement.signer())
                    && held.statement().equals(statement.statement()));
    if (known) {
      return new Addition.Known();
    }
    if (!statement.verifies(identity)) {
      return new Addition.Refused("its signature does not verify under the pinned identity key");
    }
    var all = new ArrayList<>(statements);
    all.add(statement);
    all.sort(
        Comparator.comparing(SignedStatement::signer)
            .thenComparing(held -> Octets.of(held.encoded())));
    return new Addition.Added(new CommitLedger(session, epoch, self, identities, certified, all));
  }

  /** Takes in what it can of {@code more}; the rest is as if it had not come. */
  public CommitLedger withAll(Iterable<SignedStatement> more) {
    var ledger = this;
    for (var statement : more) {
      if (ledger.with(statement) instanceof Addition.Added(CommitLedger grown)) {
        ledger = grown;
      }
    }
    return ledger;
  }

  private boolean concerns(Statement statement) {
    if (!statement.session().equals(session)) {
      return false;
    }
    return switch (statement) {
      case Statement.Certificate(_, long of, Octets hash) ->
          of == epoch && certified.map(hash::equals).orElse(true);
      case Statement.Active(_, Octets hash) -> certified.map(hash::equals).orElse(true);
      case Statement.Withdrawal(_, long of, boolean _) -> of == epoch;
    };
  }

  public KeyStatus status() {
    if (certified.isEmpty()) {
      return KeyStatus.NONE;
    }
    if (actives().contains(self)) {
      return actives().equals(identities.keySet()) ? KeyStatus.USABLE : KeyStatus.ACTIVE;
    }
    if (withdrawals().equals(identities.keySet())) {
      return KeyStatus.WITHDRAWN;
    }
    return followsBundle() ? KeyStatus.ACTIVE : KeyStatus.PENDING;
  }

  /**
   * All certificates are held, and either this party has not withdrawn, or one whose withdrawal it
   * does not hold is active.
   */
  private boolean followsBundle() {
    if (!certificates().equals(identities.keySet())) {
      return false;
    }
    var withdrawn = withdrawals();
    return !withdrawn.contains(self) || !withdrawn.containsAll(actives());
  }

  /** The own certificate may be signed: the PENDING record is durable and nothing was withdrawn. */
  public Optional<Statement.Certificate> certificateToSign() {
    return certified
        .filter(_ -> !withdrawals().contains(self) && !certificates().contains(self))
        .map(hash -> new Statement.Certificate(session, epoch, hash));
  }

  /** The own {@code active} is due: sign and store it together with the status ACTIVE. */
  public Optional<Statement.Active> activeToSign() {
    return certified
        .filter(_ -> status() == KeyStatus.ACTIVE && !actives().contains(self))
        .map(hash -> new Statement.Active(session, hash));
  }

  /**
   * The withdrawal that the rules allow now, if any. Without a PENDING record: once a certificate
   * of another is held, and the own session is over, and it is durable that this party will never
   * certify; the last two are the caller's to see to. With one: only without the bundle and holding
   * the word of one that had none.
   */
  public Optional<Statement.Withdrawal> withdrawalToSign() {
    if (withdrawals().contains(self) || actives().contains(self)) {
      return Optional.empty();
    }
    if (certified.isEmpty()) {
      return certificates().isEmpty()
          ? Optional.empty()
          : Optional.of(new Statement.Withdrawal(session, epoch, false));
    }
    return certificates().contains(self)
            && !certificates().equals(identities.keySet())
            && !neverCertifying().isEmpty()
        ? Optional.of(new Statement.Withdrawal(session, epoch, true))
        : Optional.empty();
  }

  /**
   * Who contradicted itself: a certificate, and the word that it never had one. Proof to anyone.
   */
  public Set<PartyId> culprits() {
    var culprits = new TreeSet<>(certificates());
    culprits.retainAll(neverCertifying());
    return Collections.unmodifiableSet(culprits);
  }

  /** All that is held, to store and to hand over. */
  public List<SignedStatement> statements() {
    return statements;
  }

  /** Whose {@code active} is still missing. */
  public Set<PartyId> notKnownActive() {
    var missing = new TreeSet<>(identities.keySet());
    missing.removeAll(actives());
    return Collections.unmodifiableSet(missing);
  }

  /** Whose certificate is still missing. */
  public Set<PartyId> notKnownCertified() {
    var missing = new TreeSet<>(identities.keySet());
    missing.removeAll(certificates());
    return Collections.unmodifiableSet(missing);
  }

  private Set<PartyId> certificates() {
    return signers(Statement.Certificate.class);
  }

  private Set<PartyId> actives() {
    return signers(Statement.Active.class);
  }

  private Set<PartyId> withdrawals() {
    return signers(Statement.Withdrawal.class);
  }

  private Set<PartyId> neverCertifying() {
    return statements.stream()
        .filter(held -> held.statement() instanceof Statement.Withdrawal(_, _, boolean had) && !had)
        .map(SignedStatement::signer)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<PartyId> signers(Class<? extends Statement> kind) {
    return statements.stream()
        .filter(held -> kind.isInstance(held.statement()))
        .map(SignedStatement::signer)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
