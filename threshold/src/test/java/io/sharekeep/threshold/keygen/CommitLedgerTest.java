package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.Octets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommitLedgerTest {
  private static final Octets SESSION = Octets.of(filled(1));
  private static final Octets CERTIFIED = Octets.of(filled(2));
  private static final long EPOCH = 1;
  private static final PartyId ONE = new PartyId(1);
  private static final PartyId TWO = new PartyId(2);
  private static final PartyId THREE = new PartyId(3);

  /** Signing is slow and random; one signature per statement is enough for all tests. */
  private static final Map<PartyId, Map<Statement, SignedStatement>> SIGNED = new HashMap<>();

  private static byte[] filled(int value) {
    var bytes = new byte[32];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static SignedStatement by(PartyId signer, Statement statement) {
    return SIGNED
        .computeIfAbsent(signer, _ -> new HashMap<>())
        .computeIfAbsent(
            statement, said -> SignedStatement.of(signer, said, Identity.of(signer)::sign));
  }

  private static Statement certificate() {
    return new Statement.Certificate(SESSION, EPOCH, CERTIFIED);
  }

  private static Statement active() {
    return new Statement.Active(SESSION, CERTIFIED);
  }

  private static Statement withdrawal(boolean had) {
    return new Statement.Withdrawal(SESSION, EPOCH, had);
  }

  private static SortedMap<PartyId, IdentityKey> identities(int n) {
    var identities = new TreeMap<PartyId, IdentityKey>();
    IntStream.rangeClosed(1, n)
        .mapToObj(PartyId::new)
        .forEach(party -> identities.put(party, Identity.of(party).pin()));
    return identities;
  }

  private static CommitLedger pending(PartyId self, int n) {
    return CommitLedger.of(SESSION, EPOCH, self, identities(n), Optional.of(CERTIFIED))
        .withAll(List.of(by(self, certificate())));
  }

  private static CommitLedger without(PartyId self, int n) {
    return CommitLedger.of(SESSION, EPOCH, self, identities(n), Optional.empty());
  }

  @Test
  void pendingBecomesActiveByAllCertificatesAndUsableByAllActives() {
    var ledger = pending(ONE, 3);
    assertEquals(KeyStatus.PENDING, ledger.status());
    assertEquals(Set.of(TWO, THREE), ledger.notKnownCertified());

    ledger = ledger.withAll(List.of(by(TWO, certificate())));
    assertEquals(KeyStatus.PENDING, ledger.status());
    assertEquals(Optional.empty(), ledger.activeToSign());

    ledger = ledger.withAll(List.of(by(THREE, certificate())));
    assertEquals(KeyStatus.ACTIVE, ledger.status());
    assertEquals(Optional.of(active()), ledger.activeToSign());

    ledger = ledger.withAll(List.of(by(TWO, active()), by(THREE, active())));
    assertEquals(KeyStatus.ACTIVE, ledger.status(), "its own is missing");
    ledger = ledger.withAll(List.of(by(ONE, active())));
    assertEquals(KeyStatus.USABLE, ledger.status());
    assertEquals(Optional.empty(), ledger.activeToSign());
  }

  @Test
  void theOwnCertificateIsDueUntilItIsThere() {
    var ledger = CommitLedger.of(SESSION, EPOCH, ONE, identities(2), Optional.of(CERTIFIED));

    assertEquals(KeyStatus.PENDING, ledger.status());
    assertEquals(
        Optional.empty(),
        ledger.withAll(List.of(by(TWO, withdrawal(false)))).withdrawalToSign(),
        "it certifies first");
    assertEquals(Optional.of(certificate()), ledger.certificateToSign());
    assertEquals(
        Optional.empty(), ledger.withAll(List.of(by(ONE, certificate()))).certificateToSign());
  }

  @Test
  void whoNeverCertifiedWithdrawsWhenAskedByOneThatDid() {
    var ledger = without(TWO, 3);
    assertEquals(Optional.empty(), ledger.withdrawalToSign(), "nobody asked");

    ledger = ledger.withAll(List.of(by(ONE, certificate())));
    assertEquals(Optional.of(withdrawal(false)), ledger.withdrawalToSign());
    ledger = ledger.withAll(List.of(by(TWO, withdrawal(false))));
    assertEquals(Optional.empty(), ledger.withdrawalToSign());
    assertEquals(KeyStatus.NONE, ledger.status());
  }

  @Test
  void whoWithdrewNeverCertifies() {
    var ledger =
        CommitLedger.of(SESSION, EPOCH, TWO, identities(3), Optional.of(CERTIFIED))
            .withAll(List.of(by(TWO, withdrawal(false))));

    assertEquals(Optional.empty(), ledger.certificateToSign());
  }

  @Test
  void aPendingPartyWithdrawsOnlyOnTheWordOfOneThatNeverCertified() {
    var ledger = pending(ONE, 3);
    assertEquals(Optional.empty(), ledger.withdrawalToSign());

    ledger = ledger.withAll(List.of(by(TWO, withdrawal(true))));
    assertEquals(Optional.empty(), ledger.withdrawalToSign(), "two had its share");

    ledger = ledger.withAll(List.of(by(THREE, withdrawal(false))));
    assertEquals(Optional.of(withdrawal(true)), ledger.withdrawalToSign());
  }

  @Test
  void whoHoldsTheBundleDoesNotWithdraw() {
    var ledger =
        pending(ONE, 3)
            .withAll(
                List.of(
                    by(TWO, certificate()),
                    by(THREE, certificate()),
                    by(THREE, withdrawal(false))));

    assertEquals(Optional.empty(), ledger.withdrawalToSign());
    assertEquals(KeyStatus.ACTIVE, ledger.status());
    assertEquals(Set.of(THREE), ledger.culprits());
  }

  @Test
  void allWithdrawalsDiscardAndFewerDoNot() {
    var ledger =
        pending(ONE, 3).withAll(List.of(by(THREE, withdrawal(false)), by(ONE, withdrawal(true))));
    assertEquals(KeyStatus.PENDING, ledger.status());

    assertEquals(KeyStatus.WITHDRAWN, ledger.withAll(List.of(by(TWO, withdrawal(true)))).status());
  }

  @Test
  void whoWithdrewFollowsABundleOnlyWithAnActiveOfOneThatDidNot() {
    var ledger =
        pending(ONE, 3)
            .withAll(
                List.of(
                    by(THREE, withdrawal(false)),
                    by(ONE, withdrawal(true)),
                    by(TWO, certificate()),
                    by(THREE, certificate())));
    assertEquals(KeyStatus.PENDING, ledger.status());

    assertEquals(
        KeyStatus.PENDING,
        ledger.withAll(List.of(by(THREE, active()))).status(),
        "three is known to have withdrawn");
    assertEquals(KeyStatus.ACTIVE, ledger.withAll(List.of(by(TWO, active()))).status());
  }

  @Test
  void anActivePartyStaysActiveWhateverComes() {
    var ledger =
        pending(ONE, 2)
            .withAll(List.of(by(TWO, certificate()), by(ONE, active()), by(TWO, withdrawal(true))));

    assertEquals(KeyStatus.ACTIVE, ledger.status());
    assertEquals(Optional.empty(), ledger.withdrawalToSign());
  }

  @Test
  void whatDoesNotBelongHereIsRefused() {
    var ledger = pending(ONE, 2);
    var other = Octets.of(filled(9));

    assertInstanceOf(
        CommitLedger.Addition.Refused.class, ledger.with(by(THREE, certificate())), "a stranger");
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(by(TWO, new Statement.Certificate(other, EPOCH, CERTIFIED))));
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(by(TWO, new Statement.Certificate(SESSION, EPOCH, other))));
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(by(TWO, new Statement.Certificate(SESSION, EPOCH + 1, CERTIFIED))));
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(by(TWO, new Statement.Active(SESSION, other))));
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(by(TWO, new Statement.Withdrawal(SESSION, EPOCH + 1, false))));
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(new SignedStatement(TWO, certificate(), by(ONE, certificate()).signature())),
        "another's signature");
    assertInstanceOf(
        CommitLedger.Addition.Refused.class,
        ledger.with(new SignedStatement(TWO, active(), by(TWO, certificate()).signature())),
        "a signature over something else");
    assertInstanceOf(CommitLedger.Addition.Known.class, ledger.with(by(ONE, certificate())));
  }

  @Test
  void aSignatureUnderOneStatementIsNoneUnderAnother() {
    var said = List.of(certificate(), active(), withdrawal(false), withdrawal(true));
    for (var signed : said) {
      for (var claimed : said) {
        assertEquals(
            signed.equals(claimed),
            new SignedStatement(ONE, claimed, by(ONE, signed).signature())
                .verifies(Identity.of(ONE).pin()));
      }
    }
  }

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(16);
  }

  /** Everybody is honest; some crashed before they were PENDING, and messages are lost at will. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void underCrashesAllComeToTheSameEnd(long seed) {
    var random = new SplittableRandom(seed);
    int n = 2 + random.nextInt(3);
    var world = new World(n, random, Set.of());
    for (int step = 0; step < 6 * n; step++) {
      world.exchange();
    }
    world.settle();

    var ends = Set.copyOf(world.ledgers.values().stream().map(CommitLedger::status).toList());
    assertEquals(
        world.allCertified ? Set.of(KeyStatus.USABLE) : Set.of(),
        world.allCertified ? ends : minus(ends, Set.of(KeyStatus.WITHDRAWN, KeyStatus.NONE)));
    assertTrue(world.ledgers.values().stream().allMatch(ledger -> ledger.culprits().isEmpty()));
  }

  /** One or two parties sign everything; then a key may be stranded, but no used key is lost. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whoSignsBothWaysNeverLosesAUsableKey(long seed) {
    var random = new SplittableRandom(seed);
    int n = 3 + random.nextInt(3);
    var liars =
        random.nextBoolean() ? Set.of(new PartyId(n)) : Set.of(new PartyId(n), new PartyId(n - 1));
    var world = new World(n, random, liars);
    for (int step = 0; step < 5 * n; step++) {
      world.exchange();
      world.assertNoUsableKeyIsLost();
    }
    world.settle();
    world.assertNoUsableKeyIsLost();
  }

  private static <T> Set<T> minus(Set<T> all, Set<T> some) {
    var rest = new java.util.HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static final class World {
    final SplittableRandom random;
    final Set<PartyId> liars;
    final SortedMap<PartyId, CommitLedger> ledgers = new TreeMap<>();
    boolean allCertified = true;

    World(int n, SplittableRandom random, Set<PartyId> liars) {
      this.random = random;
      this.liars = liars;
      boolean crashes = random.nextBoolean();
      for (int i = 1; i <= n; i++) {
        var party = new PartyId(i);
        boolean certifies = i == 1 || liars.contains(party) || !crashes || random.nextInt(3) > 0;
        allCertified &= certifies;
        ledgers.put(party, certifies ? pending(party, n) : without(party, n));
      }
    }

    /** One party hands everything to another, which then acts as the rules allow. */
    void exchange() {
      var parties = List.copyOf(ledgers.keySet());
      deliver(
          parties.get(random.nextInt(parties.size())), parties.get(random.nextInt(parties.size())));
    }

    void settle() {
      for (int pass = 0; pass < 4; pass++) {
        for (var from : ledgers.keySet()) {
          for (var to : ledgers.keySet()) {
            deliver(from, to);
          }
        }
      }
    }

    private void deliver(PartyId from, PartyId to) {
      var handed = new ArrayList<>(ledger(from).statements());
      if (liars.contains(from)) {
        for (var statement :
            List.of(certificate(), active(), withdrawal(false), withdrawal(true))) {
          if (random.nextBoolean()) {
            handed.add(by(from, statement));
          }
        }
      }
      if (!liars.contains(to)) {
        ledgers.put(to, acted(to, ledger(to).withAll(handed)));
      }
    }

    private CommitLedger ledger(PartyId party) {
      return Optional.ofNullable(ledgers.get(party)).orElseThrow();
    }

    private CommitLedger acted(PartyId self, CommitLedger ledger) {
      if (ledger.activeToSign().isPresent()) {
        return ledger.withAll(List.of(by(self, ledger.activeToSign().get())));
      }
      var withdrawal = ledger.withdrawalToSign();
      return withdrawal.isPresent() ? ledger.withAll(List.of(by(self, withdrawal.get()))) : ledger;
    }

    void assertNoUsableKeyIsLost() {
      var honest =
          ledgers.entrySet().stream()
              .filter(entry -> !liars.contains(entry.getKey()))
              .map(entry -> entry.getValue().status())
              .toList();
      assertFalse(
          honest.contains(KeyStatus.USABLE)
              && (honest.contains(KeyStatus.WITHDRAWN) || honest.contains(KeyStatus.NONE)));
    }
  }
}
