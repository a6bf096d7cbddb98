package io.sharekeep.enclave.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.adversary.Curve;
import io.sharekeep.adversary.Malformation;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.OfflineBlame;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal.Code;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.session.Parties.Shape;
import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.wire.FrostNonces;
import io.sharekeep.threshold.wire.FrostShares;
import io.sharekeep.threshold.wire.Octets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Party 2 signs with party 1 and says what it likes, validly signed, in either round. Party 1 gives
 * out no signature, and names party 2 where it can be known.
 */
@SoftTokens
@LeavesNothing
class SigningAdversaryTest {
  private static final int HONEST = 1;
  private static final int ROGUE = 2;

  /** The sender's own name for a pair of nonces, which nobody else goes by. */
  private static final String NONCE_ID = ".2[0][2] ";

  private static Parties parties;
  private static KeyDescription solana;
  private static KeyDescription bitcoin;

  @BeforeAll
  static void start(@TempDir Path directory, SoftHsmTokens tokens) {
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

  private static Group group(KeyDescription key) {
    var id = key.scheme() == Scheme.FROST_ED25519 ? GroupId.ED25519 : GroupId.SECP256K1;
    return ((Core) parties.enclave(HONEST)).desk().groups().apply(id);
  }

  /** What the rogue may do to its payload of round 1. */
  enum Nonces {
    NOTHING_AT_ALL,
    ONE_BYTE_MORE,
    ONE_BYTE_LESS,
    OF_ANOTHER_BOOT,
    FOR_A_POINT_OF_ANOTHER,
    FOR_ONE_LANE_MORE,
    FOR_ANOTHER_LANE;

    Octets of(Octets payload, Group group) {
      var honest = FrostNonces.decode(group.id(), group.publicOps(), payload).valid().orElseThrow();
      var entry = honest.entries().getFirst();
      return switch (this) {
        case NOTHING_AT_ALL -> Octets.of(new byte[] {(byte) 0xa0});
        case ONE_BYTE_MORE -> resized(payload, 1);
        case ONE_BYTE_LESS -> resized(payload, -1);
        case OF_ANOTHER_BOOT ->
            new FrostNonces(Octets.of(new byte[16]), honest.entries()).encoded();
        case FOR_A_POINT_OF_ANOTHER -> with(honest, List.of(at(entry, entry.lane(), 1)));
        case FOR_ONE_LANE_MORE -> with(honest, List.of(entry, at(entry, entry.lane() + 1, ROGUE)));
        case FOR_ANOTHER_LANE -> with(honest, List.of(at(entry, entry.lane() + 1, ROGUE)));
      };
    }

    private static Octets with(FrostNonces honest, List<FrostNonces.Entry> entries) {
      return new FrostNonces(honest.bootId(), entries).encoded();
    }

    private static FrostNonces.Entry at(FrostNonces.Entry entry, int lane, int point) {
      return new FrostNonces.Entry(
          lane, new EvaluationPoint(point), entry.nonceId(), entry.hiding(), entry.binding());
    }
  }

  /** What the rogue may do to its payload of round 2. */
  enum Shares {
    NOTHING_AT_ALL(Fault.BAD_ENCODING),
    ONE_BYTE_MORE(Fault.BAD_ENCODING),
    FOR_A_POINT_OF_ANOTHER(Fault.BAD_ENCODING),
    FOR_ONE_LANE_MORE(Fault.BAD_ENCODING),
    ZERO(Fault.BAD_SIGNATURE_SHARE),
    ONE_MORE(Fault.BAD_SIGNATURE_SHARE),
    NEGATED(Fault.BAD_SIGNATURE_SHARE);

    private final Fault fault;

    Shares(Fault fault) {
      this.fault = fault;
    }

    Octets of(Octets payload, Group group) {
      var ops = group.publicOps();
      var entry = FrostShares.decode(ops, payload).valid().orElseThrow().entries().getFirst();
      return switch (this) {
        case NOTHING_AT_ALL -> Octets.of(new byte[] {(byte) 0xa0});
        case ONE_BYTE_MORE -> resized(payload, 1);
        case FOR_A_POINT_OF_ANOTHER ->
            shares(new FrostShares.Entry(entry.lane(), new EvaluationPoint(1), entry.share()));
        case FOR_ONE_LANE_MORE ->
            shares(entry, new FrostShares.Entry(entry.lane() + 1, entry.point(), entry.share()));
        case ZERO -> share(entry, ops.scalar(0));
        case ONE_MORE -> share(entry, ops.add(entry.share(), ops.scalar(1)));
        case NEGATED -> share(entry, ops.negate(entry.share()));
      };
    }

    private static Octets share(
        FrostShares.Entry entry, io.sharekeep.threshold.group.PublicScalar z) {
      return shares(new FrostShares.Entry(entry.lane(), entry.point(), z));
    }

    private static Octets shares(FrostShares.Entry... entries) {
      return new FrostShares(List.of(entries)).encoded();
    }
  }

  @ParameterizedTest
  @EnumSource
  void spoiltNoncesAreBlamedAndNothingIsSigned(Nonces spoilt) {
    for (var key : List.of(solana, bitcoin)) {
      var order = parties.order(key);
      var ready = parties.propose(List.of(HONEST, ROGUE), order);
      var opened = Relay.open(parties.all(), ready, order);

      var reply = step(ready, 2, resigned(opened, payload -> spoilt.of(payload, group(key))));

      assertAborted(order, reply, Fault.BAD_ENCODING);
      // So that its nonces do not wait there until they are wiped.
      parties.enclave(ROGUE).step(ready.locator(), request(2, Relay.inbox(ROGUE, opened)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSpoiltSignatureShareIsBlamedAndNothingIsReleased(Shares spoilt) {
    for (var key : List.of(solana, bitcoin)) {
      var order = parties.order(key);
      var ready = parties.propose(List.of(HONEST, ROGUE), order);
      var opened = Relay.open(parties.all(), ready, order);
      var signed = Relay.round(parties.all(), ready, 2, opened);

      var reply = step(ready, 3, resigned(signed, payload -> spoilt.of(payload, group(key))));

      assertAborted(order, reply, spoilt.fault);
    }
  }

  private static List<Malformation> malformations(KeyDescription key, int round) {
    var order = parties.order(key);
    var ready = parties.propose(List.of(HONEST, ROGUE), order);
    var sent = Relay.open(parties.all(), ready, order);
    if (round == 2) {
      sent = Relay.round(parties.all(), ready, 2, sent);
    }
    var payloads = new ArrayList<Octets>();
    resigned(
        sent,
        payload -> {
          payloads.add(payload);
          return payload;
        });
    return Malformation.of(payloads.getFirst().toArray(), Curve.valueOf(group(key).id().name()));
  }

  /** Signs a spoilt payload and keeps whether it is another than the honest one. */
  private static List<byte[]> spoilt(
      Map<Integer, StepReply> sent, Malformation malformation, AtomicBoolean differs) {
    return resigned(
        sent,
        payload -> {
          var other = Octets.of(malformation.apply(payload.toArray()));
          differs.set(!other.equals(payload));
          return other;
        });
  }

  /** What is no list of nonces is blamed; what is one, but not its own, leads nowhere. */
  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"FROST_ED25519", "FROST_SECP256K1_TR"})
  void noSpoiltFieldOfTheNoncesLeadsToASignature(Scheme scheme) {
    var key = scheme == Scheme.FROST_ED25519 ? solana : bitcoin;
    var malformations = malformations(key, 1);
    assertTrue(malformations.size() > 50, "few: " + malformations);
    for (var malformation : malformations) {
      var order = parties.order(key);
      var ready = parties.propose(List.of(HONEST, ROGUE), order);
      var opened = Relay.open(parties.all(), ready, order);
      var differs = new AtomicBoolean();
      var reply = step(ready, 2, spoilt(opened, malformation, differs));
      var rogue =
          parties.enclave(ROGUE).step(ready.locator(), request(2, Relay.inbox(ROGUE, opened)));
      if (reply instanceof StepReply.Finished) {
        assertAborted(order, reply, Fault.BAD_ENCODING);
      } else if (differs.get() && !malformation.name().startsWith(NONCE_ID)) {
        assertInstanceOf(StepReply.Sent.class, reply, malformation.name());
        var theirs = Relay.inbox(HONEST, Map.of(ROGUE, rogue));
        assertInstanceOf(StepReply.Refused.class, step(ready, 3, theirs), malformation.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"FROST_ED25519", "FROST_SECP256K1_TR"})
  void everySpoiltFieldOfTheSharesIsBlamed(Scheme scheme) {
    var key = scheme == Scheme.FROST_ED25519 ? solana : bitcoin;
    var malformations = malformations(key, 2);
    assertTrue(malformations.size() > 20, "few: " + malformations);
    for (var malformation : malformations) {
      var order = parties.order(key);
      var ready = parties.propose(List.of(HONEST, ROGUE), order);
      var signed = Relay.round(parties.all(), ready, 2, Relay.open(parties.all(), ready, order));
      var differs = new AtomicBoolean();
      var reply = step(ready, 3, spoilt(signed, malformation, differs));
      var outcome = assertInstanceOf(StepReply.Finished.class, reply).outcome();
      if (differs.get()) {
        var aborted = assertInstanceOf(Outcome.Aborted.class, outcome, malformation.name());
        assertEquals(List.of(ROGUE), aborted.culprits(), malformation.name());
      }
    }
  }

  /** The commitments that party 1 signed are not those that party 2 signs: two sessions. */
  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"FROST_ED25519", "FROST_SECP256K1_TR"})
  void swappedCommitmentsMakeTwoSessionsThatNeverMeet(Scheme scheme) {
    var key = scheme == Scheme.FROST_ED25519 ? solana : bitcoin;
    var order = parties.order(key);
    var ready = parties.propose(List.of(HONEST, ROGUE), order);
    var opened = Relay.open(parties.all(), ready, order);
    var swapped =
        resigned(
            opened,
            payload -> {
              var group = group(key);
              var honest =
                  FrostNonces.decode(group.id(), group.publicOps(), payload).valid().orElseThrow();
              var entry = honest.entries().getFirst();
              return new FrostNonces(
                      honest.bootId(),
                      List.of(
                          new FrostNonces.Entry(
                              entry.lane(),
                              entry.point(),
                              entry.nonceId(),
                              entry.binding(),
                              entry.hiding())))
                  .encoded();
            });
    assertInstanceOf(StepReply.Sent.class, step(ready, 2, swapped));
    var rogue =
        parties.enclave(ROGUE).step(ready.locator(), request(2, Relay.inbox(ROGUE, opened)));

    var theirs = Relay.inbox(HONEST, Map.of(ROGUE, rogue));
    var refusal = assertInstanceOf(StepReply.Refused.class, step(ready, 3, theirs)).refusal();

    assertEquals(Code.INBOX_INCOMPLETE, refusal.code());
  }

  private static void assertAborted(Order.Sign order, StepReply reply, Fault fault) {
    var outcome = assertInstanceOf(StepReply.Finished.class, reply).outcome();
    var aborted = assertInstanceOf(Outcome.Aborted.class, outcome);
    assertEquals(List.of(ROGUE), aborted.culprits());
    assertEquals(
        aborted.fault(),
        assertInstanceOf(
                Outcome.Aborted.class,
                assertInstanceOf(
                        Proposal.Known.class,
                        parties.enclave(HONEST).propose(order, Set.of(1, 2, 3)))
                    .outcome())
            .fault(),
        "it is remembered");
    assertEquals(fault, faultOf(aborted));
    assertReported(order, fault == Fault.BAD_SIGNATURE_SHARE ? "conditional" : "proved");
  }

  /** What the honest party keeps is worth as much to whoever has the committee document alone. */
  private static void assertReported(Order.Sign order, String finding) {
    var report = parties.enclave(HONEST).blame(order.requestId()).orElseThrow();
    var judged =
        assertInstanceOf(
                OfflineBlame.Judgement.Judged.class,
                OfflineBlame.judge(report, parties.document("three")))
            .blame();
    assertEquals(HONEST, judged.accuser());
    assertEquals(
        List.of(ROGUE + " " + finding),
        judged.accused().stream().map(one -> one.party() + " " + one.finding()).toList(),
        judged::toString);
    assertEquals(finding.equals("proved"), judged.provesAll());
    report[report.length - 1] ^= 1;
    assertInstanceOf(
        OfflineBlame.Judgement.Rejected.class,
        OfflineBlame.judge(report, parties.document("three")));
  }

  private static Fault faultOf(Outcome.Aborted aborted) {
    return Stream.of(Fault.values())
        .filter(fault -> fault.name().equalsIgnoreCase(aborted.fault().replace('-', '_')))
        .findAny()
        .orElseThrow(() -> new AssertionError(aborted.fault()));
  }

  private static StepReply step(Proposal.Ready ready, int round, List<byte[]> inbox) {
    return parties.enclave(HONEST).step(ready.locator(), request(round, inbox));
  }

  private static StepRequest request(int round, List<byte[]> inbox) {
    return new StepRequest(round, Optional.empty(), inbox);
  }

  /** What the rogue sent with another payload, under its own key. */
  private static List<byte[]> resigned(
      Map<Integer, StepReply> sent, java.util.function.UnaryOperator<Octets> change) {
    return Resigned.of((Core) parties.enclave(ROGUE), HONEST, sent, change);
  }

  private static Octets resized(Octets payload, int more) {
    return Octets.of(Arrays.copyOf(payload.toArray(), payload.length() + more));
  }
}
