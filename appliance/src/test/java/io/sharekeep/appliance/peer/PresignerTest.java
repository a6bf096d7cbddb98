package io.sharekeep.appliance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeEnclave;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Refusal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stock is filled one by one; what fails is tried again later, and never in a hurry. */
class PresignerTest {
  private final FakeEnclave enclave = new FakeEnclave(1);
  private final List<Order> carried = new ArrayList<>();
  private final Deque<Carried> answers = new ArrayDeque<>();
  private final Presigner presigner =
      new Presigner(
          enclave,
          () -> Set.of(1, 2),
          (order, trace) -> {
            assertTrue(trace.startsWith("00-"), trace);
            carried.add(order);
            return answers.pop();
          },
          Runnable::run);

  private static Order order() {
    return new Order.Presign(
        new PresignRequest(
            "p", "ab".repeat(32), Initiator.KEY, List.of(1, 2), 1, Instant.ofEpochSecond(9)));
  }

  @Test
  void oneAfterTheOtherWhileAnyIsMissing() {
    enclave.missing = Optional.of(order());
    answers.add(new Carried.Done(new Outcome.Presigned("p", Initiator.KEY, List.of(1, 2)), false));
    assertEquals(0, presigner.turn());
    enclave.missing = Optional.empty();
    assertTrue(presigner.turn() > 0);
    assertEquals(List.of(order()), carried);
  }

  @Test
  void whatComesToNothingIsTriedAgainLater() {
    enclave.missing = Optional.of(order());
    answers.add(new Carried.Refused(new Refusal(Refusal.Code.MISMATCH, "keeps none")));
    answers.add(new Carried.Done(new Outcome.Aborted("p", "bad-product", List.of(2)), false));
    for (int i = 0; i < 2; i++) {
      assertTrue(presigner.turn() >= 1000);
    }
    assertEquals(2, carried.size());
    enclave.fault = Optional.of(new IllegalStateException("broken"));
    assertTrue(presigner.turn() >= 1000);
  }
}
