package io.sharekeep.appliance.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeEnclave;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Refusal;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a party takes to be there, by a clock of the test; party 2 answers over plain HTTP. */
class RosterTest {
  private static final String THERE = "{\"state\":\"OPERATIONAL\",\"hsm\":\"ready\"}";
  private static final String FROZEN = "{\"state\":\"FROZEN\",\"hsm\":\"ready\"}";
  private static final Duration PRESENT = Duration.ofMillis(250);
  private static final Duration ABSENT = Duration.ofSeconds(2);

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private volatile String answer = THERE;
  private volatile CountDownLatch mayAnswer = new CountDownLatch(0);
  private final Vertx vertx = Vertx.vertx();
  private Roster roster;
  private Documents.Party peer;
  private Documents.Committee committee;

  @BeforeEach
  void start() {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              asked.incrementAndGet();
              executor.execute(() -> {
                try {
                  assertTrue(mayAnswer.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                var _ = request.response().end(answer);
              });
            })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    peer = party(2, "http://127.0.0.1:" + server.actualPort());
    committee =
        new Documents.Committee(
            "c".repeat(64), "test", 2, List.of(party(1, "http://127.0.0.1:1"), peer));
    roster =
        new Roster(
            1,
            new LocalParty(new FakeEnclave(1)),
            _ -> HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            1 << 16,
            new PeerTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5)),
            executor,
            clock::get);
  }

  @AfterEach
  void stop() {
    mayAnswer.countDown();
    roster.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    executor.shutdownNow();
  }

  private static Documents.Party party(int id, String url) {
    return new Documents.Party(id, "party-" + id, url, "1".repeat(64), "2".repeat(64), List.of(id));
  }

  private Set<Integer> present() {
    return roster.presence(committee, false).present();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void awaitAsked(int times) throws InterruptedException {
    for (int i = 0; i < 1000 && asked.get() < times; i++) {
      Thread.sleep(5);
    }
    assertEquals(times, asked.get());
  }

  @Test
  void whoAnsweredJustNowIsNotAskedAgain() {
    assertEquals(Set.of(1, 2), present());
    pass(PRESENT.minusNanos(1));
    assertEquals(Set.of(1, 2), present());
    assertEquals(1, asked.get());
  }

  @Test
  void anAnswerIsBelievedForAQuarterOfASecondOnly() {
    assertEquals(Set.of(1, 2), present());
    answer = FROZEN;
    pass(PRESENT);
    var presence = roster.presence(committee, false);
    assertEquals(Set.of(1), presence.present());
    assertEquals("it is not operational", presence.absent().get(2));
    assertEquals(2, asked.get());
  }

  @Test
  void whoWasAwayIsWaitedForByNobodyAndLookedForBeside() throws Exception {
    answer = FROZEN;
    assertEquals(Set.of(1), present());
    answer = THERE;
    pass(ABSENT.minusNanos(1));
    assertEquals(Set.of(1), present());
    assertEquals(1, asked.get(), "an absence is believed for two seconds");
    mayAnswer = new CountDownLatch(1);
    pass(Duration.ofNanos(1));
    assertEquals(Set.of(1), present());
    assertEquals(Set.of(1), present());
    awaitAsked(2); // and though both turns looked, by one question
    mayAnswer.countDown();
    for (int i = 0; i < 1000 && !present().contains(2); i++) {
      Thread.sleep(5);
    }
    assertEquals(Set.of(1, 2), present());
    assertEquals(2, asked.get());
  }

  @Test
  void whoIsStillAwayIsLookedForAgainAndAgain() throws Exception {
    answer = FROZEN;
    assertEquals(Set.of(1), present());
    for (int i = 0; i < 1000 && asked.get() < 4; i++) {
      pass(ABSENT);
      assertEquals(Set.of(1), present());
      Thread.sleep(5);
    }
    assertTrue(asked.get() >= 4, "asked " + asked.get() + " times");
  }

  @Test
  void whoWasAwayIsAskedAtOnceWhereItIsNeeded() {
    answer = FROZEN;
    assertEquals(Set.of(1), present());
    answer = THERE;
    assertEquals(Set.of(1, 2), roster.presence(committee, true).present());
    assertEquals(2, asked.get());
  }

  @Test
  void whatARoundHasShownIsAsGoodAsAnAnswer() {
    roster.saw(peer, new Answer.Unreachable<>("no answer in time", true));
    assertEquals(Set.of(1), present());
    roster.saw(peer, new Answer.Received<>(true));
    assertEquals(Set.of(1, 2), present());
    assertEquals(0, asked.get());
  }

  @Test
  void whoRefusedSomethingIsThere() {
    roster.saw(peer, new Answer.Refused<>(new Refusal(Refusal.Code.EXPIRED, "late")));
    assertEquals(Set.of(1, 2), present());
    assertEquals(0, asked.get());
  }

  @Test
  void theOtherPartiesAreUpIfTheyWereWhenLastAsked() {
    var documents = new Documents(List.of(committee), "f".repeat(64), "test");
    assertEquals(Map.of(2, false), roster.up(documents));
    assertEquals(Set.of(1, 2), present());
    assertEquals(Map.of(2, true), roster.up(documents));
    roster.saw(peer, new Answer.Unreachable<>("no answer in time", true));
    assertEquals(Map.of(2, false), roster.up(documents));
  }
}
