package io.sharekeep.appliance.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeCommittee;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
  private static final String TRACE = "00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-00";
  private static final byte[] PAYLOAD = {1, 2, 3};
  private FakeCommittee committee;

  @BeforeEach
  void start() {
    committee = new FakeCommittee(3, 2);
  }

  @AfterEach
  void stop() {
    committee.close();
  }

  private Order order(String id) {
    return new Order.Sign(committee.initiator.sign(id, Initiator.KEY, PAYLOAD), PAYLOAD);
  }

  private Carried carry(int by, Order order) {
    return committee.node(by).coordinator.carry(order, TRACE);
  }

  private static void assertSigned(Carried carried) {
    var done = assertInstanceOf(Carried.Done.class, carried, carried.toString());
    assertInstanceOf(Outcome.Signed.class, done.outcome(), carried.toString());
  }

  private static Refusal assertRefused(Carried carried, Refusal.Code code) {
    var refused = assertInstanceOf(Carried.Refused.class, carried, carried.toString());
    assertEquals(code, refused.refusal().code(), refused.refusal().detail());
    return refused.refusal();
  }

  @Test
  void anyPartyCanCoordinateAlsoOneThatIsNotInTheQuorum() {
    for (int by = 1; by <= 3; by++) {
      assertSigned(carry(by, order("r" + by)));
    }
    assertTrue(committee.node(3).enclave.events.isEmpty(), "the quorum is 1 and 2");
  }

  @Test
  void aPartyThatIsDownIsReplacedByAnother() {
    committee.node(2).stop();
    assertSigned(carry(1, order("a")));
    assertEquals(3, committee.node(3).enclave.events.size());
  }

  @Test
  void aPartyThatIsNotOperationalIsReplacedByAnother() {
    committee.node(2).enclave.state = State.FAILED;
    assertSigned(carry(1, order("a")));
    assertTrue(committee.node(2).enclave.events.isEmpty());
  }

  @Test
  void aPartyWhoseTokenIsLostIsReplacedByAnother() {
    committee.node(2).enclave.hsmLost = Optional.of("gone");
    for (var request : List.of("lost-a", "lost-b", "lost-c", "lost-d")) {
      assertSigned(carry(1, order(request)));
    }
    assertTrue(committee.node(2).enclave.events.isEmpty());
  }

  @Test
  void tooFewPartiesAreNamedWithTheReason() {
    committee.node(2).stop();
    committee.node(3).enclave.state = State.FROZEN;
    var refusal = assertRefused(carry(1, order("a")), Refusal.Code.TOO_FEW_PARTIES);
    assertTrue(refusal.detail().contains("party 2 (connection refused)"), refusal.detail());
    assertTrue(refusal.detail().contains("party 3 (it is not operational)"), refusal.detail());
  }

  @Test
  void aPartyThatComesBackIsAskedAtOnce() {
    committee.node(2).enclave.state = State.FROZEN;
    committee.node(3).enclave.state = State.FROZEN;
    assertRefused(carry(1, order("a")), Refusal.Code.TOO_FEW_PARTIES);
    committee.node(3).enclave.state = State.OPERATIONAL;
    assertSigned(carry(1, order("b")));
  }

  @Test
  void aPartyThatHangsInTheMiddleEndsTheSessionAndIsNamed() {
    var hang = new AtomicBoolean();
    committee.node(2).enclave.beforeStep =
        () -> {
          if (hang.getAndSet(true)) {
            try {
              Thread.sleep(4000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    var refusal = assertRefused(carry(1, order("a")), Refusal.Code.TOO_FEW_PARTIES);
    assertTrue(refusal.detail().contains("party 2 (no answer in time)"), refusal.detail());
    assertTrue(refusal.detail().contains("new requestId"), refusal.detail());
  }

  @Test
  void aPartyWhoseLogWentBackIsShownWhatItsPeersRemember() {
    for (int behind : new int[] {1, 2, 7}) {
      committee.node(2).enclave.refusal =
          Optional.of(
              new Refusal(
                  Refusal.Code.CHECKPOINT_BEHIND,
                  "it was set back",
                  Optional.of(new Refusal.Remembered(behind, ("of " + behind).getBytes(UTF_8)))));
      var refusal = assertRefused(carry(1, order("a" + behind)), Refusal.Code.CHECKPOINT_BEHIND);
      assertEquals(behind, refusal.remembered().orElseThrow().party());
    }
    assertTrue(committee.node(1).enclave.events.contains("shown of 1"));
    assertTrue(committee.node(2).enclave.events.contains("shown of 2"));
    for (int party = 1; party <= 3; party++) {
      assertEquals(
          party == 3 ? 0 : 1,
          committee.node(party).enclave.events.stream()
              .filter(event -> event.startsWith("shown"))
              .count());
    }
  }

  @Test
  void aPeersNoIsBroughtBackWithItsName() {
    committee.node(2).enclave.refusal =
        Optional.of(new Refusal(Refusal.Code.REQUEST_UNAUTHENTIC, "unknown initiator"));
    var refusal = assertRefused(carry(1, order("a")), Refusal.Code.REQUEST_UNAUTHENTIC);
    assertEquals("party 2: unknown initiator", refusal.detail());
  }

  @Test
  void aPeersFaultIsNotShownButNamed() {
    committee.node(2).enclave.fault = Optional.of(new IllegalStateException("secret"));
    var refusal = assertRefused(carry(1, order("a")), Refusal.Code.TOO_FEW_PARTIES);
    assertTrue(refusal.detail().contains("party 2 (it answered 500 internal)"), refusal.detail());
  }

  @Test
  void anAbortNamesItsCulpritsEvenIfOthersWentOn() {
    committee.node(2).enclave.ending =
        Optional.of(new Outcome.Aborted("a", "bad-share", java.util.List.of(1)));
    committee.node(1).enclave.ending = committee.node(2).enclave.ending;
    var done = assertInstanceOf(Carried.Done.class, carry(3, order("a")));
    assertEquals(
        java.util.List.of(1), assertInstanceOf(Outcome.Aborted.class, done.outcome()).culprits());
  }

  @Test
  void theSameOrderTwiceAtOnceIsOneSession() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var order = order("a");
      var all = new ArrayList<Future<Carried>>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> carry(1, order)));
      }
      for (var one : all) {
        assertSigned(one.get());
      }
    }
    assertEquals(3, committee.node(2).enclave.events.size());
  }

  @Test
  void aKeyThatOnePartyHasNotHeardOfYetIsSettledLater() throws Exception {
    committee.nodes.forEach(node -> node.coordinator.start());
    var id = new KeyId("77".repeat(16));
    var generated = carry(1, new Order.GenerateKey(committee.initiator.generate("g", id)));
    var done = assertInstanceOf(Carried.Done.class, generated, generated.toString());
    var key = assertInstanceOf(Outcome.KeyGenerated.class, done.outcome()).key();
    assertEquals(KeyDescription.Stage.USABLE, key.stage());
    for (var node : committee.nodes) {
      for (int i = 0; i < 200 && !node.enclave.undecided().isEmpty(); i++) {
        Thread.sleep(50);
      }
      assertEquals(
          KeyDescription.Stage.USABLE, node.enclave.key(id).orElseThrow().stage(), "party");
    }
  }
}
