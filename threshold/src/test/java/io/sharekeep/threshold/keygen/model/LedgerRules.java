package io.sharekeep.threshold.keygen.model;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.CommitLedger;
import io.sharekeep.threshold.keygen.Identity;
import io.sharekeep.threshold.keygen.KeyStatus;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.keygen.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The rule as {@link CommitLedger} has it. */
public final class LedgerRules implements CommitRules {
  private final Vocabulary vocabulary;
  private final Map<SignedStatement, Integer> numbers = new HashMap<>();
  private final Map<Long, CommitLedger> ledgers = new HashMap<>();
  private final Map<Integer, Boolean> endOfAnother = new HashMap<>();

  public LedgerRules(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    for (int i = 0; i < vocabulary.signed().size(); i++) {
      numbers.put(vocabulary.signed().get(i), i);
    }
  }

  /** Loaded by name beside a broken ledger. */
  public static final class Maker implements CommitRules.Maker {
    @Override
    public CommitRules over(Vocabulary vocabulary) {
      return new LedgerRules(vocabulary);
    }
  }

  /** One signature is verified per set of statements: a ledger grows from the next smaller one. */
  private CommitLedger ledger(int place, boolean recorded, int offered) {
    long key = ((long) offered << 8) | (place << 1) | (recorded ? 1 : 0);
    var known = ledgers.get(key);
    if (known != null) {
      return known;
    }
    CommitLedger ledger;
    if (offered == 0) {
      ledger =
          CommitLedger.of(
              Vocabulary.SESSION,
              Vocabulary.EPOCH,
              Vocabulary.party(place),
              Vocabulary.pins(vocabulary.parties()),
              recorded ? Optional.of(Vocabulary.CERTIFIED) : Optional.empty());
    } else {
      int last = Integer.highestOneBit(offered);
      ledger =
          ledger(place, recorded, offered & ~last)
              .withAll(List.of(vocabulary.signed().get(Integer.numberOfTrailingZeros(last))));
    }
    ledgers.put(key, ledger);
    return ledger;
  }

  @Override
  public Verdict judge(int place, boolean recorded, int offered) {
    var ledger = ledger(place, recorded, offered);
    int held = 0;
    for (var statement : ledger.statements()) {
      held |= 1 << number(statement);
    }
    int due = 0;
    if (ledger.certificateToSign().isPresent()) {
      due |= Vocabulary.bit(place, Vocabulary.CERTIFICATE);
    }
    if (ledger.activeToSign().isPresent()) {
      due |= Vocabulary.bit(place, Vocabulary.ACTIVE);
    }
    var withdrawal = ledger.withdrawalToSign();
    if (withdrawal.isPresent()) {
      due |=
          Vocabulary.bit(place, withdrawal.get().had() ? Vocabulary.WITHDRAWAL : Vocabulary.NEVER);
    }
    int culprits = 0;
    for (var culprit : ledger.culprits()) {
      culprits |= 1 << (culprit.value() - 1);
    }
    return new Verdict(ledger.status(), held, due, culprits);
  }

  private int number(SignedStatement statement) {
    return Optional.ofNullable(numbers.get(statement)).orElseThrow();
  }

  /** The ledger is a function of what counts: what is refused changes nothing of the outcome. */
  @Override
  public boolean anotherAttemptEnds(int parties, int offered) {
    var noise =
        vocabulary.signed().stream()
            .filter(statement -> (offered >> number(statement) & 1) == 1)
            .toList();
    return another(parties).values().stream()
            .allMatch(ledger -> ledger.withAll(noise).statements().isEmpty())
        && endOfAnother.computeIfAbsent(parties, this::ends);
  }

  private static SortedMap<PartyId, CommitLedger> another(int parties) {
    var ledgers = new TreeMap<PartyId, CommitLedger>();
    for (var party : Vocabulary.pins(parties).keySet()) {
      ledgers.put(
          party,
          CommitLedger.of(
              Vocabulary.filled(3),
              Vocabulary.EPOCH,
              party,
              Vocabulary.pins(parties),
              Optional.of(Vocabulary.filled(4))));
    }
    return ledgers;
  }

  private boolean ends(int parties) {
    var ledgers = another(parties);
    hear(ledgers, ledger -> ledger.certificateToSign().map(Statement.class::cast));
    hear(ledgers, ledger -> ledger.activeToSign().map(Statement.class::cast));
    return ledgers.values().stream().allMatch(ledger -> ledger.status() == KeyStatus.USABLE);
  }

  /** Every party says what is due, and all hear it. */
  private static void hear(
      SortedMap<PartyId, CommitLedger> ledgers, Function<CommitLedger, Optional<Statement>> due) {
    var said = new ArrayList<SignedStatement>();
    ledgers.forEach((party, ledger) ->
        due.apply(ledger)
            .ifPresent(statement ->
                said.add(SignedStatement.of(party, statement, Identity.of(party)::sign))));
    ledgers.replaceAll((_, ledger) -> ledger.withAll(said));
  }
}
