package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.Signer;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay, a client, a restart or an operator can do to three parties. */
@SoftTokens
@LeavesNothing
class SessionTest {
  private static Parties parties;
  private static KeyDescription solana;
  private static KeyDescription bitcoin;
  private static Path home;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    home = directory;
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))));
    solana = parties.generate("three", Scheme.FROST_ED25519);
    bitcoin = parties.generate("three", Scheme.FROST_SECP256K1_TR);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static Code refused(StepReply reply) {
    return assertInstanceOf(StepReply.Refused.class, reply).refusal().code();
  }

  private static StepReply open(int party, Proposal.Ready ready, Order order) {
    return parties
        .enclave(party)
        .step(
            ready.locator(),
            new StepRequest(
                1, Optional.of(new StepRequest.Opening(ready.context(), order)), List.of()));
  }

  @Test
  void everyInputOfATransactionIsSignedInOneSession() {
    byte[] payload =
        Payloads.bitcoin(
            Payloads.outputKey(HexFormat.of().parseHex(bitcoin.publicKeyHex())),
            3,
            new SplittableRandom(1));
    var order = parties.order(bitcoin, payload);
    var signed =
        assertInstanceOf(
            Outcome.Signed.class,
            Relay.run(parties.all(), parties.propose(List.of(1, 3), order), order));
    assertEquals(List.of(0, 1, 2), signed.signatures().stream().map(s -> s.input()).toList());
    assertNotEquals(
        HexFormat.of().formatHex(signed.signatures().get(0).message()),
        HexFormat.of().formatHex(signed.signatures().get(1).message()));
  }

  @Test
  void theSameRequestHasOneOutcomeAndItsIdServesNoOther() {
    var order = parties.order(solana);
    var outcome = Relay.run(parties.all(), parties.propose(List.of(1, 2), order), order);
    var again =
        assertInstanceOf(Proposal.Known.class, parties.enclave(2).propose(order, Set.of(1, 2, 3)));
    assertEquals(
        ((Outcome.Signed) outcome).requestId(), ((Outcome.Signed) again.outcome()).requestId());
    assertArrayEquals(
        ((Outcome.Signed) outcome).signatures().getFirst().signature(),
        ((Outcome.Signed) again.outcome()).signatures().getFirst().signature());

    byte[] payload = Payloads.of(solana, new SplittableRandom(7));
    var request = parties.request(solana, payload);
    var thief =
        new SignRequest(
            order.requestId(),
            request.committee(),
            request.keyId(),
            request.path(),
            request.purpose(),
            request.payloadSha256(),
            request.expect(),
            request.notAfter());
    var refused =
        assertInstanceOf(
            Proposal.Refused.class,
            parties
                .enclave(1)
                .propose(new Order.Sign(Parties.SERVICE.sign(thief), payload), Set.of(1, 2, 3)));
    assertEquals(Code.REQUEST_CONFLICT, refused.refusal().code());
  }

  @Test
  void twoCoordinatorsWithOneRequestOpenOneSession() {
    var order = parties.order(solana);
    var first = parties.propose(List.of(1, 2), order);
    var second = parties.propose(List.of(2, 3), order);
    assertInstanceOf(StepReply.Sent.class, open(2, first, order));
    assertEquals(Code.REQUEST_CONFLICT, refused(open(2, second, order)));
  }

  @Test
  void theSameQuestionGetsTheSameBytesAndAnotherNone() {
    var order = parties.order(solana);
    var ready = parties.propose(List.of(1, 2), order);
    var opened = Relay.open(parties.all(), ready, order);
    var once = assertInstanceOf(StepReply.Sent.class, open(1, ready, order));
    assertArrayEquals(
        assertInstanceOf(StepReply.Sent.class, opened.get(1)).outbox().getFirst().envelope(),
        once.outbox().getFirst().envelope());

    var inbox = Relay.inbox(1, opened);
    var first = parties.enclave(1).step(ready.locator(), request(2, inbox));
    var second = parties.enclave(1).step(ready.locator(), request(2, inbox));
    assertArrayEquals(
        assertInstanceOf(StepReply.Sent.class, first).outbox().getFirst().envelope(),
        assertInstanceOf(StepReply.Sent.class, second).outbox().getFirst().envelope());
    assertEquals(
        Code.INBOX_CONFLICT,
        refused(parties.enclave(1).step(ready.locator(), request(2, inbox.reversed()))));
    assertEquals(
        Code.INBOX_CONFLICT, refused(parties.enclave(1).step(ready.locator(), request(7, inbox))));
  }

  private static StepReply reply(Map<Integer, StepReply> replies, int party) {
    return Optional.ofNullable(replies.get(party)).orElseThrow();
  }

  private static StepRequest request(int round, List<byte[]> inbox) {
    return new StepRequest(round, Optional.empty(), inbox);
  }

  @Test
  void aRelayThatDropsOrBendsMessagesOnlyDelays() {
    var order = parties.order(bitcoin);
    var ready = parties.propose(List.of(1, 2), order);
    var opened = Relay.open(parties.all(), ready, order);
    var inbox = Relay.inbox(1, opened);
    assertEquals(
        Code.INBOX_INCOMPLETE,
        refused(parties.enclave(1).step(ready.locator(), request(2, List.of()))));
    for (byte[] envelope : inbox) {
      byte[] bent = envelope.clone();
      bent[bent.length - 1] ^= 1;
      assertEquals(
          Code.INBOX_INCOMPLETE,
          refused(parties.enclave(1).step(ready.locator(), request(2, List.of(bent)))));
    }
    byte[] theirs = Relay.inbox(1, Map.of(2, reply(opened, 2))).getFirst();
    byte[] own = Relay.inbox(1, Map.of(1, reply(opened, 1))).getFirst();
    byte[] bent = theirs.clone();
    bent[bent.length - 1] ^= 1;
    assertEquals(
        "round 1 of party 2 is missing; ignored: 2 SIGNATURE",
        assertInstanceOf(
                StepReply.Refused.class,
                parties.enclave(1).step(ready.locator(), request(2, List.of(bent, own, own, bent))))
            .refusal()
            .detail());
    var replies = Relay.round(parties.all(), ready, 2, opened);
    byte[] share = Relay.inbox(1, Map.of(2, reply(replies, 2))).getFirst();
    byte[] ownShare = Relay.inbox(1, Map.of(1, reply(replies, 1))).getFirst();
    assertEquals(
        "round 2 of party 2 is missing; ignored: 1 SIGNATURE",
        assertInstanceOf(
                StepReply.Refused.class,
                parties
                    .enclave(1)
                    .step(ready.locator(), request(3, List.of(withOtherScalar(share), ownShare))))
            .refusal()
            .detail());
    var finished = Relay.round(parties.all(), ready, 3, replies);
    assertInstanceOf(StepReply.Finished.class, finished.get(1));
  }

  /**
   * Canonical, expected and of the right sender, but the share is another: z is before the
   * signature.
   */
  private static byte[] withOtherScalar(byte[] envelope) {
    var decoded = SignedEnvelope.decode(envelope).valid().orElseThrow();
    byte[] payload = decoded.envelope().payload().toArray();
    byte[] bent = envelope.clone();
    int at = indexOf(bent, payload) + payload.length - 16;
    bent[at] ^= 1;
    return bent;
  }

  /** The coefficients are what an opening begins with. */
  private static byte[] withOtherCoefficient(byte[] envelope) {
    var decoded = SignedEnvelope.decode(envelope).valid().orElseThrow();
    byte[] bent = envelope.clone();
    bent[indexOf(bent, decoded.envelope().payload().toArray()) + 16] ^= 1;
    return bent;
  }

  private static int indexOf(byte[] in, byte[] part) {
    for (int at = 0; at + part.length <= in.length; at++) {
      if (Arrays.equals(in, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not there");
  }

  @Test
  void anOpeningThatTheRelayBendsIsAskedForAgainAndTheKeyIsMade() {
    var order = parties.key("three", Scheme.FROST_ED25519);
    var ready = parties.propose(1, order);
    var dealt = Relay.round(parties.all(), ready, 2, Relay.open(parties.all(), ready, order));
    byte[] theirs = Relay.inbox(1, Map.of(2, reply(dealt, 2))).getFirst();
    byte[] third = Relay.inbox(1, Map.of(3, reply(dealt, 3))).getFirst();

    var doubted =
        assertInstanceOf(
            StepReply.Refused.class,
            parties
                .enclave(1)
                .step(ready.locator(), request(3, List.of(withOtherCoefficient(theirs), third))));
    assertEquals("round 2 of party 2 is missing; ignored: 1 SIGNATURE", doubted.refusal().detail());

    var replies = dealt;
    for (int round = 3; replies.get(1) instanceof StepReply.Sent; round++) {
      replies = Relay.round(parties.all(), ready, round, replies);
    }
    assertInstanceOf(StepReply.Finished.class, replies.get(1));
  }

  @Test
  void aMessageOfAnotherSessionCountsForNothing() {
    var one = parties.order(solana);
    var other = parties.order(solana);
    var first = parties.propose(List.of(1, 2), one);
    var second = parties.propose(List.of(1, 2), other);
    Relay.open(parties.all(), first, one);
    var foreign = Relay.open(parties.all(), second, other);
    assertEquals(
        Code.INBOX_INCOMPLETE,
        refused(parties.enclave(1).step(first.locator(), request(2, Relay.inbox(1, foreign)))));
  }

  @Test
  void aRequestThatNobodyKnownHasSignedIsRefusedByEveryParty() {
    var honest = parties.order(solana);
    var ready = parties.propose(List.of(1, 2), honest);
    var strangers =
        new Order.Sign(Signer.ed25519().sign(honest.request().body()), honest.payload());
    for (int party : List.of(1, 2)) {
      assertEquals(Code.REQUEST_UNAUTHENTIC, refused(open(party, ready, strangers)));
    }
    byte[] other = Payloads.of(solana, new SplittableRandom(3));
    assertEquals(Code.MISMATCH, refused(open(1, ready, new Order.Sign(honest.request(), other))));
  }

  @Test
  void whatPolicyDoesNotListIsDeniedLoggedAndRemembered() {
    long before = parties.enclave(1).status().logSize();
    byte[] payload = Payloads.of(solana, new SplittableRandom(4));
    var order = new Order.Sign(Parties.ADMIN.sign(parties.request(solana, payload)), payload);
    var ready = parties.propose(List.of(1, 2), order);
    var denied =
        assertInstanceOf(
            Outcome.Denied.class,
            assertInstanceOf(StepReply.Finished.class, open(1, ready, order)).outcome());
    assertEquals("default-deny", denied.rule());
    assertEquals(before + 1, parties.enclave(1).status().logSize());
    assertEquals(Optional.of(denied), parties.enclave(1).outcome(order.requestId()));
  }

  @Test
  void aContextThatDiffersFromTheOwnRecordsIsRefused() {
    var order = parties.order(solana);
    var ready = parties.propose(List.of(1, 2), order);
    var foreign = parties.propose(List.of(1, 2), parties.order(bitcoin));
    assertEquals(Code.MISMATCH, refused(open(1, foreign, order)));
    byte[] bent = ready.context();
    for (int i = 0; i < bent.length; i++) {
      byte[] other = bent.clone();
      other[i] ^= 1;
      var reply =
          parties
              .enclave(1)
              .step(
                  ready.locator(),
                  new StepRequest(
                      1, Optional.of(new StepRequest.Opening(other, order)), List.of()));
      assertEquals(Code.MALFORMED, refused(reply));
    }
  }

  @Test
  void whatTheInitiatorExpectsIsHeldAgainstTheTransaction() {
    byte[] payload = Payloads.of(solana, new SplittableRandom(5));
    var request = parties.request(solana, payload);
    var wrong =
        new SignRequest(
            request.requestId(),
            request.committee(),
            request.keyId(),
            request.path(),
            request.purpose(),
            request.payloadSha256(),
            Map.of("amount", "1"),
            request.notAfter());
    var refused =
        assertInstanceOf(
            Proposal.Refused.class,
            parties
                .enclave(1)
                .propose(new Order.Sign(Parties.SERVICE.sign(wrong), payload), Set.of(1, 2)));
    assertEquals(Code.MISMATCH, refused.refusal().code());
    assertTrue(refused.refusal().detail().startsWith("expected amount 1, but"));
  }

  @Test
  void unknownKeysPayloadsAndSessionsAreRefusedByName() {
    byte[] payload = Payloads.of(solana, new SplittableRandom(6));
    byte[] longer = Arrays.copyOf(payload, payload.length + 1);
    assertEquals(Code.PAYLOAD_REFUSED, code(parties.order(solana, longer)));
    var request = parties.request(solana, payload);
    var unknown =
        new SignRequest(
            request.requestId(),
            request.committee(),
            new KeyId("0f".repeat(16)),
            request.path(),
            request.purpose(),
            request.payloadSha256(),
            request.expect(),
            request.notAfter());
    assertEquals(Code.UNKNOWN_KEY, code(new Order.Sign(Parties.SERVICE.sign(unknown), payload)));
    assertEquals(
        Code.UNKNOWN_SESSION,
        refused(parties.enclave(1).step(new byte[32], request(2, List.of()))));
    assertEquals(
        Code.MALFORMED, refused(parties.enclave(1).step(new byte[31], request(2, List.of()))));
  }

  private static Code code(Order order) {
    return assertInstanceOf(
            Proposal.Refused.class, parties.enclave(1).propose(order, Set.of(1, 2, 3)))
        .refusal()
        .code();
  }

  @Test
  void tooFewPartiesAreNamed() {
    var refused =
        assertInstanceOf(
            Proposal.Refused.class, parties.enclave(1).propose(parties.order(solana), Set.of(1)));
    assertEquals(Code.TOO_FEW_PARTIES, refused.refusal().code());
    assertEquals(
        "signing needs its threshold of points; not reachable or not ready: p2, p3",
        refused.refusal().detail());
  }

  @Test
  void aPartyThatIsRestartedSignsAgainAndLosesOnlyWhatWasOpen() {
    var open = parties.order(solana);
    var ready = parties.propose(List.of(2, 3), open);
    var inbox = Relay.inbox(3, Relay.open(parties.all(), ready, open));
    var answer =
        assertInstanceOf(
            StepReply.Sent.class, parties.enclave(3).step(ready.locator(), request(2, inbox)));
    parties.stop(3);
    parties.start(3);
    assertArrayEquals(
        answer.outbox().getFirst().envelope(),
        assertInstanceOf(
                StepReply.Sent.class, parties.enclave(3).step(ready.locator(), request(2, inbox)))
            .outbox()
            .getFirst()
            .envelope(),
        "what was answered before is answered alike after");
    assertEquals(
        Code.INBOX_CONFLICT,
        refused(parties.enclave(3).step(ready.locator(), request(2, inbox.reversed()))));
    assertEquals(State.OPERATIONAL, parties.enclave(3).status().state());
    assertTrue(parties.enclave(3).readiness().stream().allMatch(Check::passed));
    assertInstanceOf(
        Outcome.Lost.class, parties.enclave(3).outcome(open.requestId()).orElseThrow());

    var order = parties.order(bitcoin);
    assertInstanceOf(
        Outcome.Signed.class,
        Relay.run(parties.all(), parties.propose(List.of(2, 3), order), order));
  }

  @Test
  void aKeyWhoseLastRoundsWereLostBecomesUsableByAskingAround() throws SQLException {
    var order =
        Parties.sign(
            new KeyRequest(
                parties.fresh("k"),
                parties.committee("three"),
                new KeyId("0a".repeat(16)),
                "late",
                Scheme.FROST_ED25519,
                Set.of("sol.tx"),
                parties.soon()));
    var ready = parties.propose(1, order);
    var replies = Relay.open(parties.all(), ready, order);
    for (int round = 2; round <= 4; round++) {
      replies = Relay.round(parties.all(), ready, round, replies);
    }
    var id = new KeyId("0a".repeat(16));
    var pending = parties.enclave(1).key(id).orElseThrow();
    assertEquals(Stage.PENDING, pending.stage());
    assertEquals(Code.KEY_NOT_USABLE, code(parties.order(pending)));
    parties.stop(2);
    forgetOwnCertificate(2);
    parties.start(2);
    for (int i = 0; i < 3; i++) {
      for (int from : List.of(1, 2, 3)) {
        for (int to : List.of(1, 2, 3)) {
          for (var held : parties.enclave(from).undecided()) {
            parties.enclave(from).exchange(parties.enclave(to).exchange(held));
          }
        }
      }
    }
    for (int party : List.of(1, 2, 3)) {
      assertEquals(Stage.USABLE, parties.enclave(party).key(id).orElseThrow().stage());
      assertTrue(parties.enclave(party).undecided().isEmpty());
      assertInstanceOf(
          Outcome.KeyGenerated.class,
          parties.enclave(party).outcome(order.requestId()).orElseThrow());
    }
    var signing = parties.order(parties.enclave(1).key(id).orElseThrow());
    assertInstanceOf(
        Outcome.Signed.class,
        Relay.run(parties.all(), parties.propose(List.of(1, 2), signing), signing));
  }

  /** As a crash between the record and the word for it leaves it. */
  private static void forgetOwnCertificate(int party) throws SQLException {
    var database = parties.configuration(party).stateDirectory().resolve("state.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      assertEquals(
          1,
          statement.executeUpdate(
              "delete from key_statement where kind = 'certificate' and party = "
                  + party
                  + " and key_id = '"
                  + "0a".repeat(16)
                  + "'"));
    }
  }

  @Test
  void anotherPartysTokensDoNotOpenTheStateFolder() {
    parties.stop(1);
    parties.stop(2);
    try {
      var mine = parties.configuration(1);
      var theirs = parties.configuration(2);
      var crossed =
          new EnclaveConfiguration(
              mine.stateDirectory(),
              theirs.core(),
              Optional.empty(),
              mine.secretMemory(),
              1,
              mine.sessionLimit());
      try (var enclave = Enclaves.open(crossed)) {
        assertEquals(State.FAILED, enclave.status().state());
        assertTrue(
            enclave.status().reason().orElseThrow().contains("is not the one that init made"));
        assertTrue(enclave.readiness().stream().noneMatch(Check::passed));
        var refused =
            assertInstanceOf(
                Proposal.Refused.class, enclave.propose(parties.order(solana), Set.of(1, 2, 3)));
        assertEquals(Code.STATE, refused.refusal().code());
      }
    } finally {
      parties.start(1);
      parties.start(2);
    }
  }

  private static StartupException.Code startup(EnclaveConfiguration configuration) {
    var refusal = assertThrows(StartupException.class, () -> Enclaves.open(configuration).close());
    assertTrue(String.valueOf(refusal.getMessage()).length() > 20);
    return refusal.code();
  }

  private static EnclaveConfiguration changed(Path state, Path library, String token, Path pin) {
    var good = parties.configuration(3);
    return new EnclaveConfiguration(
        state,
        TokenPlace.at(library, token, pin),
        Optional.empty(),
        good.secretMemory(),
        1,
        good.sessionLimit());
  }

  @Test
  void eachWrongStartIsOneClearError() throws IOException {
    var good = parties.configuration(3);
    assertEquals(StartupException.Code.STATE_IN_USE, startup(good));
    assertEquals(
        StartupException.Code.UNPROVISIONED,
        startup(
            changed(
                home.resolve("new"),
                good.core().library(),
                good.core().label(),
                good.core().pinFile())));
    parties.stop(3);
    try {
      assertEquals(
          StartupException.Code.LIBRARY_REFUSED,
          startup(
              changed(
                  good.stateDirectory(),
                  Path.of("/usr/lib/no-such.so"),
                  good.core().label(),
                  good.core().pinFile())));
      assertEquals(
          StartupException.Code.TOKEN_ABSENT,
          startup(
              changed(
                  good.stateDirectory(), good.core().library(), "no-such", good.core().pinFile())));
      var wrong =
          Files.writeString(
              Files.createFile(
                  home.resolve("wrong.pin"),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------"))),
              "00000000\n");
      assertEquals(
          StartupException.Code.PIN_WRONG,
          startup(
              changed(good.stateDirectory(), good.core().library(), good.core().label(), wrong)));
      assertEquals(
          StartupException.Code.PIN_FILE,
          startup(
              changed(
                  good.stateDirectory(),
                  good.core().library(),
                  good.core().label(),
                  home.resolve("absent.pin"))));
    } finally {
      parties.start(3);
    }
  }

  @Test
  void everyStateAdmitsWhatTheTableSays() {
    var table = new ArrayList<String>();
    for (var state : State.values()) {
      for (var operation : State.Operation.values()) {
        if (state.admits(operation)) {
          table.add(state + " " + operation);
        }
      }
    }
    assertEquals(
        List.of(
            "LOCKED UNLOCK",
            "OPERATIONAL READ",
            "OPERATIONAL SIGN",
            "OPERATIONAL GENERATE_KEY",
            "OPERATIONAL REFRESH",
            "OPERATIONAL ATTEST",
            "OPERATIONAL FREEZE",
            "FROZEN READ",
            "FROZEN REFRESH",
            "FROZEN ATTEST",
            "FROZEN UNFREEZE",
            "FAILED READ",
            "FAILED RECOVER"),
        table);
  }
}
