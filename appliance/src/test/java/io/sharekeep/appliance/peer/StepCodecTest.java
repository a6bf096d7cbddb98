package io.sharekeep.appliance.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.appliance.FakeEnclave;
import io.sharekeep.appliance.Initiator;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PresignRequest;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepCodecTest {
  private static final StepCodec CODEC = new StepCodec(65536);
  private static final byte[] PAYLOAD = {7, 8, 9};

  private static StepRequest request() {
    var order = new Order.Sign(new Initiator().sign("r", Initiator.KEY, PAYLOAD), PAYLOAD);
    return new StepRequest(
        1, Optional.of(new StepRequest.Opening(new byte[] {1, 2}, order)), List.of());
  }

  private static Stream<StepReply> replies() {
    return Stream.of(
        new StepReply.Sent(
            new byte[32],
            List.of(
                new StepReply.Outbound(0, new byte[] {1}),
                new StepReply.Outbound(3, new byte[] {2, 3}))),
        new StepReply.Finished(
            new Outcome.Signed(
                "r",
                Initiator.KEY,
                Scheme.FROST_SECP256K1_TR,
                List.of(new Outcome.Signature(0, new byte[32], new byte[32], new byte[64])),
                Optional.of(new byte[] {5}))),
        new StepReply.Finished(
            new Outcome.KeyGenerated(
                "r", FakeEnclave.key(Initiator.KEY, KeyDescription.Stage.PENDING))),
        new StepReply.Finished(new Outcome.PairRekeyed("r", Initiator.KEY, List.of(1, 3), 7)),
        new StepReply.Finished(new Outcome.Presigned("r", Initiator.KEY, List.of(1, 3))),
        new StepReply.Finished(new Outcome.Denied("r", "default-deny")),
        new StepReply.Finished(new Outcome.Aborted("r", "bad-pok", List.of(1, 2))),
        new StepReply.Finished(new Outcome.Lost("r", "restart")),
        new StepReply.Refused(
            new Refusal(Refusal.Code.INBOX_INCOMPLETE, "missing: 2 — ask it again")),
        new StepReply.Refused(
            new Refusal(
                Refusal.Code.CHECKPOINT_BEHIND,
                "party 3: set back",
                Optional.of(new Refusal.Remembered(3, new byte[] {4, 5})))));
  }

  @Test
  void aCheckpointComesBackAndALongOneIsNone() {
    byte[] note = new byte[512];
    note[511] = 1;
    var read = assertInstanceOf(Parsed.Valid.class, CODEC.note(CODEC.encode(note)));
    assertArrayEquals(note, (byte[]) read.value());
    assertInstanceOf(Parsed.Malformed.class, CODEC.note(CODEC.encode(new byte[513])));
    assertInstanceOf(Parsed.Malformed.class, CODEC.note(CODEC.encode(new byte[0])));
  }

  @Test
  void aRequestComesBackWithOrderAndPayload() {
    var bytes = CODEC.encode(request());
    var read = assertInstanceOf(Parsed.Valid.class, CODEC.request(bytes));
    var back = (StepRequest) read.value();
    assertArrayEquals(bytes, CODEC.encode(back));
    var opening = back.opening().orElseThrow();
    assertArrayEquals(new byte[] {1, 2}, opening.context());
    assertArrayEquals(PAYLOAD, assertInstanceOf(Order.Sign.class, opening.order()).payload());
    var later = new StepRequest(2, Optional.empty(), List.of(new byte[] {1}, new byte[] {2}));
    var again = (StepRequest) ((Parsed.Valid<?>) CODEC.request(CODEC.encode(later))).value();
    assertEquals(2, again.round());
    assertTrue(again.opening().isEmpty());
    assertArrayEquals(new byte[] {2}, again.inbox().get(1));
  }

  @Test
  void anOrderForAPairComesBackWithBothSignatures() {
    var request = new Initiator().rekey("r", Initiator.KEY);
    var second = new Initiator().rekey("r", Initiator.KEY);
    var opening = new StepRequest.Opening(new byte[] {1}, new Order.RekeyPair(request, second));
    var bytes = CODEC.encode(new StepRequest(1, Optional.of(opening), List.of()));
    var back = (StepRequest) ((Parsed.Valid<?>) CODEC.request(bytes)).value();
    assertArrayEquals(bytes, CODEC.encode(back));
    var order = assertInstanceOf(Order.RekeyPair.class, back.opening().orElseThrow().order());
    assertArrayEquals(request.signature(), order.request().signature());
    assertArrayEquals(second.signature(), order.second().signature());
  }

  @Test
  void anOrderForAKeyComesBackWithItsApprovals() {
    var order =
        new Order.GenerateKey(
            new Initiator().generate("g", Initiator.KEY), List.of(new byte[] {1}, new byte[] {2}));
    var opening = new StepRequest.Opening(new byte[] {1}, order);
    var bytes = CODEC.encode(new StepRequest(1, Optional.of(opening), List.of()));
    var back = (StepRequest) ((Parsed.Valid<?>) CODEC.request(bytes)).value();
    assertArrayEquals(bytes, CODEC.encode(back));
    assertArrayEquals(new byte[] {2}, back.opening().orElseThrow().order().approvals().get(1));
  }

  @Test
  void whatAPersonHasSaidComesBack() {
    for (var order :
        List.of(
            new Order.Sign(new Initiator().sign("r", Initiator.KEY, PAYLOAD), PAYLOAD),
            new Order.GenerateKey(new Initiator().generate("g", Initiator.KEY)))) {
      var bytes = CODEC.encode(new Said(order, new byte[] {3}));
      var back = assertInstanceOf(Parsed.Valid.class, CODEC.said(bytes));
      assertArrayEquals(bytes, CODEC.encode((Said) back.value()));
      assertArrayEquals(new byte[] {3}, ((Said) back.value()).statement());
      assertInstanceOf(
          Parsed.Malformed.class, CODEC.said(CODEC.encode(new Said(order, new byte[0]))));
    }
  }

  @Test
  void anOrderForAPresignatureComesBackAndAnotherDocumentIsNone() {
    var request =
        new PresignRequest(
            "p", "ab".repeat(32), Initiator.KEY, List.of(1, 3), 3, Instant.ofEpochSecond(9));
    var opening = new StepRequest.Opening(new byte[] {1}, new Order.Presign(request));
    var bytes = CODEC.encode(new StepRequest(1, Optional.of(opening), List.of()));
    var back = (StepRequest) ((Parsed.Valid<?>) CODEC.request(bytes)).value();
    assertArrayEquals(bytes, CODEC.encode(back));
    var order = assertInstanceOf(Order.Presign.class, back.opening().orElseThrow().order());
    assertEquals(request, order.request());
    var json = new String(request.canonicalJson(), UTF_8);
    for (var wrong :
        List.of(
            json.replace("[1,3]", "[3,1]"),
            json.replace("[1,3]", "[1,2]"),
            json.replace("\"coordinator\":3,", ""),
            json.replace("{", "{\"more\":1,"),
            "{}")) {
      assertEquals(Optional.empty(), PresignRequest.parse(wrong.getBytes(UTF_8)), wrong);
    }
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyComesBack(StepReply reply) {
    var bytes = CODEC.encode(reply);
    var read = assertInstanceOf(Parsed.Valid.class, CODEC.reply(bytes), reply.toString());
    assertArrayEquals(bytes, CODEC.encode((StepReply) read.value()));
    assertEquals(reply.getClass(), read.value().getClass());
  }

  @Test
  void statementsComeBack() {
    var statements =
        new KeyStatements(Initiator.KEY, new byte[32], List.of(new byte[] {1}, new byte[] {2}));
    var bytes = CODEC.encode(statements);
    var read = assertInstanceOf(Parsed.Valid.class, CODEC.statements(bytes));
    assertArrayEquals(bytes, CODEC.encode((KeyStatements) read.value()));
  }

  @Test
  void everyTruncationIsMalformed() {
    var request = CODEC.encode(request());
    for (int length = 0; length < request.length; length++) {
      assertInstanceOf(
          Parsed.Malformed.class, CODEC.request(Arrays.copyOf(request, length)), "at " + length);
    }
    replies()
        .map(CODEC::encode)
        .forEach(reply -> {
          for (int length = 0; length < reply.length; length++) {
            assertInstanceOf(Parsed.Malformed.class, CODEC.reply(Arrays.copyOf(reply, length)));
          }
        });
  }

  @Test
  void whatIsOverTheLimitIsMalformed() {
    var small = new StepCodec(64);
    assertInstanceOf(Parsed.Malformed.class, small.request(CODEC.encode(request())));
  }

  static LongStream seeds() {
    return new SplittableRandom(20261122).longs(20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aMutationIsMalformedOrReadsBackToTheSameBytesAndNeverThrows(long seed) {
    var random = new SplittableRandom(seed);
    var originals = Stream.concat(Stream.of(CODEC.encode(request())), replies().map(CODEC::encode));
    originals.forEach(original -> {
      for (int i = 0; i < 100; i++) {
        var mutant = original.clone();
        mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
        if (CODEC.request(mutant) instanceof Parsed.Valid<StepRequest>(var value)) {
          assertEquals(mutant.length, CODEC.encode(value).length);
        }
        if (CODEC.reply(mutant) instanceof Parsed.Valid<StepReply>(var value)) {
          assertTrue(CODEC.encode(value).length > 0);
        }
      }
    });
  }
}
