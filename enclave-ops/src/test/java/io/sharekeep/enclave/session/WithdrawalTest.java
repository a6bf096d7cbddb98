package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.keygen.SignedStatement;
import io.sharekeep.threshold.keygen.Statement;
import io.sharekeep.threshold.wire.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other end of a key generation: a party is lost before it certified, and nobody has a key. */
@SoftTokens
@LeavesNothing
class WithdrawalTest {
  private static Parties parties;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))));
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  /** A key that parties 1 and 2 have certified, and what all sent before; party 3 has not. */
  private record Half(Order order, Proposal.Ready ready, Map<Integer, StepReply> third) {
    private KeyId key() {
      return ((Order.GenerateKey) order).request().body().keyId();
    }
  }

  private static Half half() {
    var order = parties.key("three", Scheme.FROST_ED25519);
    var ready = parties.propose(1, order);
    var replies = Relay.open(parties.all(), ready, order);
    replies = Relay.round(parties.all(), ready, 2, replies);
    var third = Relay.round(parties.all(), ready, 3, replies);
    for (int party = 1; party <= 2; party++) {
      assertInstanceOf(StepReply.Sent.class, fourth(ready, third, party));
    }
    return new Half(order, ready, third);
  }

  private static StepReply fourth(Proposal.Ready ready, Map<Integer, StepReply> third, int party) {
    return parties
        .enclave(party)
        .step(ready.locator(), new StepRequest(4, Optional.empty(), Relay.inbox(party, third)));
  }

  /** As the exchange does: one shows what it holds and takes what comes back. */
  private static KeyStatements ask(int from, int to) {
    var shown =
        parties.enclave(from).undecided().stream().findFirst().orElseThrow(AssertionError::new);
    var answer = parties.enclave(to).exchange(shown);
    var _ = parties.enclave(from).exchange(answer);
    return answer;
  }

  private static void restart(int party) {
    parties.stop(party);
    parties.start(party);
  }

  private static List<Statement.Withdrawal> withdrawals(KeyStatements statements) {
    return statements.statements().stream()
        .map(bytes -> SignedStatement.decode(bytes).valid().orElseThrow().statement())
        .filter(Statement.Withdrawal.class::isInstance)
        .map(Statement.Withdrawal.class::cast)
        .toList();
  }

  private static void assertPending(Half half, int... at) {
    for (int party : at) {
      assertEquals(Stage.PENDING, parties.enclave(party).key(half.key()).orElseThrow().stage());
    }
  }

  /** Leaves nothing undecided behind. */
  private static void withdraw(Half half) {
    ask(1, 3);
    ask(2, 3);
    ask(1, 2);
    if (parties.enclave(2).key(half.key()).isPresent()) {
      ask(2, 1);
    }
    for (int party = 1; party <= 3; party++) {
      assertTrue(parties.enclave(party).key(half.key()).isEmpty());
    }
  }

  @Test
  void aPartyThatDiedBeforeItCertifiedLeavesNobodyWithAKey() {
    var half = half();
    restart(3);

    var never = withdrawals(ask(1, 3));

    assertEquals(1, never.size());
    assertTrue(!never.getFirst().had());
    assertPending(half, 1, 2);
    ask(2, 3);
    assertPending(half, 2);
    ask(1, 2);
    if (parties.enclave(2).key(half.key()).isPresent()) {
      // It has discarded the record, and still says all that it had said.
      ask(2, 1);
    }
    for (int party = 1; party <= 3; party++) {
      assertTrue(parties.enclave(party).key(half.key()).isEmpty());
      assertTrue(parties.enclave(party).undecided().isEmpty());
      assertInstanceOf(
          Outcome.Lost.class,
          parties.enclave(party).outcome(half.order().requestId()).orElseThrow());
    }
    var key = parties.generate("three", Scheme.FROST_ED25519);
    assertEquals(Stage.USABLE, key.stage());
  }

  @Test
  void whatWasDiscardedStaysSoAfterARestart() {
    var half = half();
    restart(3);
    withdraw(half);
    restart(1);
    assertTrue(parties.enclave(1).key(half.key()).isEmpty());
    assertTrue(parties.enclave(1).undecided().isEmpty());
  }

  @Test
  void aPartyWhoseSessionStillRunsWithdrawsNothing() {
    var half = half();

    assertEquals(List.of(), ask(1, 3).statements());

    var replies = new HashMap<Integer, StepReply>();
    for (int party = 1; party <= 3; party++) {
      replies.put(party, fourth(half.ready(), half.third(), party));
    }
    var active = Relay.round(parties.all(), half.ready(), 5, replies);
    for (var last : Relay.round(parties.all(), half.ready(), 6, active).values()) {
      assertInstanceOf(StepReply.Finished.class, last);
    }
  }

  @Test
  void withoutACertificateNobodyWithdraws() {
    var half = half();
    restart(3);
    var shown = parties.enclave(1).undecided().getFirst();
    byte[] forged = shown.statements().getFirst().clone();
    forged[forged.length - 1] ^= 1;

    var nothing = new KeyStatements(shown.key(), shown.sessionId(), List.of());
    assertEquals(List.of(), parties.enclave(3).exchange(nothing).statements());
    var unsigned = new KeyStatements(shown.key(), shown.sessionId(), List.of(forged));
    assertEquals(List.of(), parties.enclave(3).exchange(unsigned).statements());
    withdraw(half);
  }

  @Test
  void aKeyThatThisPartyNeverHeardOfIsWithdrawnByNobody() {
    var half = half();
    restart(3);
    var shown = parties.enclave(1).undecided().getFirst();
    var other = parties.generate("three", Scheme.FROST_ED25519).id();
    var unknown = new KeyId("ab".repeat(16));
    assertEquals(
        List.of(),
        parties
            .enclave(3)
            .exchange(new KeyStatements(unknown, shown.sessionId(), shown.statements()))
            .statements());
    assertEquals(
        List.of(),
        parties
            .enclave(3)
            .exchange(new KeyStatements(other, shown.sessionId(), shown.statements()))
            .statements());
    withdraw(half);
  }

  @Test
  void nobodyGetsMoreOfThemThanThereWereSessions() {
    var half = half();
    restart(3);
    ask(1, 3);
    var desk = ((Core) parties.enclave(1)).desk();
    byte[] other = new byte[32];
    var certificate =
        SignedStatement.of(
            new PartyId(1),
            new Statement.Certificate(Octets.of(other), 1, Octets.of(other)),
            desk.identity());
    var asked = new KeyStatements(half.key(), other, List.of(certificate.encoded()));

    assertEquals(List.of(), parties.enclave(3).exchange(asked).statements());
    withdraw(half);
  }

  @Test
  void aPartyThatIsShownItsOwnCertificateDoesNotSayThatItHadNone() throws IOException {
    var half = half();
    var folder = parties.configuration(3).stateDirectory();
    var before = folder.resolveSibling("before");
    copy(folder, before);
    var certified = fourth(half.ready(), half.third(), 3);
    var shown = parties.enclave(1).undecided().getFirst();
    var own = Relay.inbox(1, Map.of(3, certified));
    parties.stop(3);
    var after = folder.resolveSibling("after");
    Files.move(folder, after);
    Files.move(before, folder);
    parties.start(3);

    var statements = new ArrayList<>(shown.statements());
    statements.addAll(own);
    var all = new KeyStatements(shown.key(), shown.sessionId(), statements);

    assertEquals(List.of(), parties.enclave(3).exchange(all).statements());
    parties.stop(3);
    Files.move(folder, before);
    Files.move(after, folder);
    parties.start(3);
    agree();
    assertEquals(Stage.USABLE, parties.enclave(3).key(half.key()).orElseThrow().stage());
  }

  /** As it is after a crash: the log of the database is copied with it. */
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(
        to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (var files = Files.list(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Everybody asks everybody until nothing is left to be said. */
  private static void agree() {
    for (int turn = 0; turn < 2; turn++) {
      for (int from = 1; from <= 3; from++) {
        for (int to = 1; to <= 3; to++) {
          if (from != to && !parties.enclave(from).undecided().isEmpty()) {
            ask(from, to);
          }
        }
      }
    }
  }

  @Test
  void aRelayThatComesLateIsToldThatTheKeyIsWithdrawn() {
    var half = half();
    restart(3);
    var certificates = new HashMap<Integer, StepReply>();
    for (int party = 1; party <= 2; party++) {
      certificates.put(party, fourth(half.ready(), half.third(), party));
    }
    withdraw(half);

    var late =
        parties
            .enclave(1)
            .step(
                half.ready().locator(),
                new StepRequest(5, Optional.empty(), Relay.inbox(1, certificates)));

    assertInstanceOf(StepReply.Refused.class, late);
    Refusal refusal = ((StepReply.Refused) late).refusal();
    assertEquals(Code.KEY_NOT_USABLE, refusal.code());
    assertTrue(refusal.detail().contains("withdrew"), refusal.detail());
  }

  @Test
  void withEveryCertificateNobodyWithdraws() {
    var half = half();
    var certificates = new HashMap<Integer, StepReply>();
    for (int party = 1; party <= 3; party++) {
      certificates.put(party, fourth(half.ready(), half.third(), party));
    }
    restart(3);
    agree();
    for (int party = 1; party <= 3; party++) {
      assertEquals(Stage.USABLE, parties.enclave(party).key(half.key()).orElseThrow().stage());
    }
    assertEquals(3, certificates.size());
  }
}
