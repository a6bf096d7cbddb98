package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.intent.Addresses;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import java.nio.file.Path;
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

/** Three parties make an ECDSA key and sign with it, on real tokens. */
@SoftTokens
@LeavesNothing
class EcdsaSessionTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261123);
  private static final SignatureVerifier VERIFIER = SignatureVerifier.open();

  private static Parties parties;
  private static KeyDescription key;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
    parties =
        Parties.start(
            directory,
            tokens,
            3,
            Map.of("three", new Shape(2, List.of(List.of(1), List.of(2), List.of(3)))));
    key = parties.generate("three", Scheme.DKLS23_SECP256K1);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  private static Order.Sign evm(Optional<String> path) {
    byte[] payload = Payloads.evm(RANDOM);
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "evm.tx", path, payload)), payload);
  }

  private static Order.Sign bitcoin(Optional<String> path, byte[] payload) {
    return new Order.Sign(
        Parties.SERVICE.sign(parties.request(key, "btc.tx", path, payload)), payload);
  }

  private static Outcome.Signed signed(Order.Sign order, List<Integer> signers) {
    return assertInstanceOf(
        Outcome.Signed.class, Relay.run(parties.all(), parties.propose(signers, order), order));
  }

  /** By BouncyCastle and libsecp256k1; the recovery id gives the key back. */
  private static void assertVerifies(Outcome.Signature made) {
    assertTrue(VERIFIER.ecdsa(made.publicKey(), made.message(), made.signature()));
    assertTrue(BouncyEcdsa.verifies(made.publicKey(), made.message(), made.signature()));
    int id = made.recovery().orElseThrow().id();
    assertArrayEquals(
        made.publicKey(), VERIFIER.recover(made.message(), made.signature(), id).orElseThrow());
    assertEquals(0, made.signature()[32] & 0x80, "s is low");
  }

  @Test
  void aKeyIsUsableAndHasAnAddressForEachPurpose() {
    assertEquals(Stage.USABLE, key.stage());
    assertEquals(Set.of("btc.tx", "evm.tx"), key.addresses().keySet());
    assertTrue(Optional.ofNullable(key.addresses().get("evm.tx")).orElseThrow().startsWith("0x"));
    assertTrue(
        Optional.ofNullable(key.addresses().get("btc.tx")).orElseThrow().startsWith("bcrt1q"));
  }

  @Test
  void everyQuorumSignsAnEvmTransferThatRecoversToItsKey() {
    for (var signers : List.of(List.of(1, 2), List.of(1, 3), List.of(2, 3), List.of(1, 2, 3))) {
      var outcome = signed(evm(Optional.empty()), signers);
      var made = outcome.signatures().getFirst();
      assertVerifies(made);
      assertEquals(HexFormat.of().formatHex(made.publicKey()), key.publicKeyHex());
      assertEquals(
          made.recovery().orElseThrow().id() & 1,
          made.recovery().orElseThrow().v().orElseThrow().intValueExact());
      byte[] raw = outcome.signedTransaction().orElseThrow();
      assertEquals(2, raw[0], "a transaction of type 2");
    }
  }

  @Test
  void everyInputOfAWitnessTransactionIsSignedInOneSession() {
    byte[] publicKey = HexFormat.of().parseHex(key.publicKeyHex());
    var outcome =
        signed(bitcoin(Optional.empty(), Payloads.p2wpkh(publicKey, 3, RANDOM)), List.of(1, 3));
    assertEquals(
        List.of(0, 1, 2), outcome.signatures().stream().map(Outcome.Signature::input).toList());
    outcome.signatures().forEach(EcdsaSessionTest::assertVerifies);
    var nonces =
        outcome.signatures().stream()
            .map(made -> HexFormat.of().formatHex(Arrays.copyOf(made.signature(), 32)))
            .distinct()
            .count();
    assertEquals(3, nonces, "no nonce twice");
    assertTrue(outcome.signatures().getFirst().recovery().orElseThrow().v().isEmpty());
    // The witness: DER with its type, and the key.
    var raw = HexFormat.of().formatHex(outcome.signedTransaction().orElseThrow());
    assertTrue(raw.contains("0121" + key.publicKeyHex()), raw);
  }

  @Test
  void aDerivedKeySignsUnderItself() {
    var root = signed(evm(Optional.of("m")), List.of(1, 2)).signatures().getFirst();
    var child = signed(evm(Optional.of("m/44/60/0/0/5")), List.of(2, 3)).signatures().getFirst();
    assertVerifies(child);
    assertEquals(key.publicKeyHex(), HexFormat.of().formatHex(root.publicKey()));
    assertTrue(!Arrays.equals(root.publicKey(), child.publicKey()));
    for (int party = 1; party <= 3; party++) {
      var shown =
          parties.enclave(party).derived(key.id(), KeyPath.parse("m/44/60/0/0/5")).orElseThrow();
      assertEquals(HexFormat.of().formatHex(child.publicKey()), shown.publicKeyHex());
      assertEquals(
          Addresses.evm(child.publicKey()),
          Optional.ofNullable(shown.addresses().get("evm.tx")).orElseThrow());
    }
    assertEquals(
        key.addresses(),
        parties.enclave(1).derived(key.id(), KeyPath.ROOT).orElseThrow().addresses());
    for (var wrong : List.of("m/0'", "m/2147483648", "m/0/0/0/0/0/0/0/0/0", "0/1", "m/01", "m/")) {
      var refused =
          assertInstanceOf(
              Proposal.Refused.class,
              parties.enclave(1).propose(evm(Optional.of(wrong)), Set.of(1, 2, 3)));
      assertEquals(Code.MISMATCH, refused.refusal().code(), wrong);
    }
  }

  @Test
  void theSameQuestionGetsTheSameBytesInEveryRoundAndAnotherNone() {
    var order = evm(Optional.empty());
    var ready = parties.propose(List.of(1, 2), order);
    var replies = Relay.open(parties.all(), ready, order);
    for (int round = 2; round <= 4; round++) {
      var inbox = Relay.inbox(1, replies);
      var next = Relay.round(parties.all(), ready, round, replies);
      assertEquals(sent(reply(next, 1)), sent(step(1, ready, round, inbox)));
      var other =
          assertInstanceOf(
              StepReply.Refused.class,
              step(1, ready, round, List.of(inbox.getFirst(), inbox.getFirst())));
      assertEquals(Code.INBOX_CONFLICT, other.refusal().code());
      replies = next;
    }
    assertInstanceOf(
        StepReply.Finished.class, Relay.round(parties.all(), ready, 5, replies).get(1));
  }

  @Test
  void whatIsMissingIsAskedForAndARelayThatBendsItOnlyDelays() {
    var order = evm(Optional.empty());
    var ready = parties.propose(List.of(1, 2), order);
    var replies = Relay.open(parties.all(), ready, order);
    for (int round = 2; round <= 5; round++) {
      var missing =
          assertInstanceOf(StepReply.Refused.class, step(1, ready, round, List.of())).refusal();
      assertEquals("round " + (round - 1) + " of party 2 is missing", missing.detail());
      byte[] bent = Relay.inbox(1, Map.of(2, reply(replies, 2))).getFirst().clone();
      bent[bent.length / 2] ^= 1;
      var doubted = assertInstanceOf(StepReply.Refused.class, step(1, ready, round, List.of(bent)));
      assertEquals(Code.INBOX_INCOMPLETE, doubted.refusal().code());
      replies = Relay.round(parties.all(), ready, round, replies);
    }
    assertInstanceOf(StepReply.Finished.class, replies.get(1));
  }

  @Test
  void aRestartLosesAnOpenSessionButNeitherTheKeyNorWhatWasAnswered() {
    var lost = evm(Optional.empty());
    var first = parties.propose(List.of(2, 3), lost);
    var opened = Relay.open(parties.all(), first, lost);
    Relay.round(parties.all(), first, 2, opened);
    var order = evm(Optional.empty());
    var ready = parties.propose(List.of(2, 3), order);
    var replies = Relay.open(parties.all(), ready, order);
    replies = Relay.round(parties.all(), ready, 2, replies);
    replies = Relay.round(parties.all(), ready, 3, replies);
    var inbox = Relay.inbox(3, replies);
    var answer = sent(step(3, ready, 4, inbox));
    parties.stop(3);
    parties.start(3);
    assertEquals(answer, sent(step(3, ready, 4, inbox)), "what was answered before");
    assertInstanceOf(
        Outcome.Lost.class, parties.enclave(3).outcome(lost.requestId()).orElseThrow());
    assertVerifies(signed(evm(Optional.empty()), List.of(2, 3)).signatures().getFirst());
  }

  private static StepReply reply(Map<Integer, StepReply> replies, int party) {
    return Optional.ofNullable(replies.get(party)).orElseThrow();
  }

  private static StepReply step(int party, Proposal.Ready ready, int round, List<byte[]> inbox) {
    return parties
        .enclave(party)
        .step(ready.locator(), new StepRequest(round, Optional.empty(), inbox));
  }

  private static List<String> sent(StepReply reply) {
    return assertInstanceOf(StepReply.Sent.class, reply).outbox().stream()
        .map(out -> out.to() + " " + HexFormat.of().formatHex(out.envelope()))
        .toList();
  }
}
