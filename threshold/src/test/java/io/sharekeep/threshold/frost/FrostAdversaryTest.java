package io.sharekeep.threshold.frost;

import static io.sharekeep.threshold.frost.TestSession.aborted;
import static io.sharekeep.threshold.frost.TestSession.advanced;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.ModelGroup;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LeavesNothing
class FrostAdversaryTest {
  private static final byte[] MESSAGE = {1, 2, 3, 4};

  private static TestKey key(FrostSuite suite, int threshold, int points) {
    return TestKey.dealt(suite, TestGroups.quickest(suite.group()), threshold, points, 42);
  }

  private static EvaluationPoint point(int x) {
    return new EvaluationPoint(x);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aSignedStateThrowsAndHoldsNothing(FrostSuite suite) {
    try (var session = TestSession.of(key(suite, 2, 2), 1)) {
      assertEquals(2, session.lent());
      var signing = session.signing(MESSAGE);
      session.sign(signing);
      assertEquals(0, session.lent());
      assertThrows(IllegalStateException.class, () -> session.sign(point(1), signing));
      assertEquals(0, session.lent());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void anAbortSpendsTheNonces(FrostSuite suite) {
    try (var session = TestSession.of(key(suite, 2, 2), 1);
        var other = TestSession.of(session.key, 2)) {
      var right = session.signing(MESSAGE);
      var foreign = other.signing(MESSAGE);
      assertEquals(
          new Step.Aborted<>(Fault.COMMITMENT_MISSING, List.of()), session.sign(point(1), foreign));
      assertThrows(IllegalStateException.class, () -> session.sign(point(1), right));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void anExceptionSpendsTheNonces(FrostSuite suite) {
    try (var session = TestSession.of(key(suite, 2, 2), 1);
        var scratch = new TestScratch();
        var tooShort = scratch.borrow(31)) {
      var signing = session.signing(MESSAGE);
      var committed = TestKey.at(session.committed, point(1));
      assertThrows(IllegalArgumentException.class, () -> committed.sign(tooShort.bytes(), signing));
      assertEquals(1, session.lent());
      assertThrows(IllegalStateException.class, () -> session.sign(point(1), signing));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aClosedStateHoldsNothingAndThrows(FrostSuite suite) {
    try (var session = TestSession.of(key(suite, 2, 2), 1)) {
      var signing = session.signing(MESSAGE);
      session.committed.values().forEach(Committed::close);
      session.committed.values().forEach(Committed::close);
      assertEquals(0, session.lent());
      assertThrows(IllegalStateException.class, () -> session.sign(point(1), signing));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aShareBeyondTheOrderIsRefused(FrostSuite suite) {
    var group = TestGroups.quickest(suite.group());
    var tooLarge = new byte[32];
    Arrays.fill(tooLarge, (byte) 0xff);
    try (var scratch = new TestScratch();
        var share = scratch.holding(tooLarge)) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Committed.commit(suite, group, scratch, TestKey.seeded(1), point(1), share.bytes()));
      assertEquals(1, scratch.lent());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aFailingSourceOfRandomnessLeavesNoSlab(FrostSuite suite) {
    var key = key(suite, 2, 2);
    try (var scratch = new TestScratch();
        var share = scratch.holding(key.share(point(1)))) {
      assertThrows(
          IllegalStateException.class,
          () ->
              Committed.commit(
                  suite,
                  key.group(),
                  scratch,
                  _ -> {
                    throw new IllegalStateException("no entropy");
                  },
                  point(1),
                  share.bytes()));
      assertEquals(1, scratch.lent());
    }
  }

  /** T-ROS: a binding factor depends on everything, so no change is local to one signer. */
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void anyChangeChangesEveryBindingFactor(FrostSuite suite) {
    var key = key(suite, 3, 3);
    var ops = key.group().publicOps();
    try (var session = TestSession.of(key, 7)) {
      var original = session.signing(MESSAGE);
      var changed = new ArrayList<SigningPackage>();
      changed.add(session.signing(new byte[] {1, 2, 3, 5}));
      changed.add(session.signing(new byte[0]));
      for (int i = 0; i < 3; i++) {
        var commitments = session.commitments();
        var one = commitments.get(i);
        var other = ops.add(one.hiding(), ops.generator()).orElseThrow();
        commitments.set(i, new NonceCommitment(one.point(), other, one.binding()));
        changed.add(signing(session, session.signingKey, commitments));
        commitments.set(i, new NonceCommitment(one.point(), one.hiding(), other));
        changed.add(signing(session, session.signingKey, commitments));
        commitments.set(i, new NonceCommitment(one.point(), one.binding(), one.hiding()));
        changed.add(signing(session, session.signingKey, commitments));
      }
      var otherKey = ops.add(key.groupKey(), ops.generator()).orElseThrow();
      changed.add(
          signing(session, SigningKey.stored(suite, key.group(), otherKey), session.commitments()));
      for (var signing : changed) {
        assertNotEquals(original.challenge(), signing.challenge());
        for (int x = 1; x <= 3; x++) {
          assertNotEquals(
              original.bindingFactor(point(x)).orElseThrow(),
              signing.bindingFactor(point(x)).orElseThrow());
        }
      }
    }
  }

  private static SigningPackage signing(
      TestSession session, SigningKey key, List<NonceCommitment> commitments) {
    return advanced(SigningPackage.of(key, session.signers, MESSAGE, commitments, List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void bindingFactorsOfOnePackageDiffer(FrostSuite suite) {
    try (var session = TestSession.of(key(suite, 2, 3), 7)) {
      var signing = session.signing(MESSAGE);
      var factors = new HashSet<PublicScalar>();
      for (int x = 1; x <= 3; x++) {
        assertTrue(factors.add(signing.bindingFactor(point(x)).orElseThrow()));
      }
      assertTrue(signing.bindingFactor(point(4)).isEmpty());
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aCorruptShareIsBlamedExactly(FrostSuite suite) {
    var key = key(suite, 2, 4);
    for (int corrupt = 1; corrupt < 1 << 4; corrupt += 3) {
      try (var session = TestSession.of(key, corrupt)) {
        var signing = session.signing(MESSAGE);
        var shares = session.sign(signing);
        var culprits = new ArrayList<PartyId>();
        for (int i = 0; i < 4; i++) {
          if ((corrupt >> i & 1) == 1) {
            shares.set(i, plus(key, shares.get(i), i + 1));
            culprits.add(new PartyId(i + 1));
          }
        }
        assertEquals(
            new Step.Aborted<>(Fault.BAD_SIGNATURE_SHARE, culprits),
            session.aggregate(signing, shares));
      }
    }
  }

  private static SignatureShare plus(TestKey key, SignatureShare share, long more) {
    var ops = key.group().publicOps();
    return new SignatureShare(share.point(), ops.add(share.z(), ops.scalar(more)));
  }

  /** The sum is right, so the signature is: nobody is to blame for what cancelled out. */
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sharesThatCancelOutStillGiveTheSignature(FrostSuite suite) {
    var key = key(suite, 2, 2);
    var ops = key.group().publicOps();
    try (var session = TestSession.of(key, 3)) {
      var signing = session.signing(MESSAGE);
      var shares = session.sign(signing);
      shares.set(0, plus(key, shares.get(0), 5));
      shares.set(
          1,
          new SignatureShare(
              shares.get(1).point(), ops.subtract(shares.get(1).z(), ops.scalar(5))));
      var signature = advanced(session.aggregate(signing, shares));
      assertTrue(Verifiers.verifies(key.stored(), MESSAGE, signature));
      assertFalse(Aggregation.verifies(signing, shares.get(0), key.verificationShare(point(1))));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void theOwnerOfABadPointIsBlamedOnce(FrostSuite suite) {
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    owners.put(point(3), new PartyId(9));
    owners.put(point(5), new PartyId(2));
    owners.put(point(7), new PartyId(9));
    owners.put(point(8), new PartyId(4));
    var key = TestKey.dealt(suite, TestGroups.quickest(suite.group()), 3, owners, 1);
    try (var session = TestSession.of(key, 1)) {
      var signing = session.signing(MESSAGE);
      var shares = session.sign(signing);
      for (int i : new int[] {0, 1, 2}) {
        shares.set(i, plus(key, shares.get(i), 1));
      }
      assertEquals(
          new Step.Aborted<>(Fault.BAD_SIGNATURE_SHARE, List.of(new PartyId(2), new PartyId(9))),
          session.aggregate(signing, shares));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aShareForAnotherMessageIsBlamed(FrostSuite suite) {
    var key = key(suite, 2, 2);
    try (var session = TestSession.of(key, 1)) {
      var signing = session.signing(MESSAGE);
      var other = session.signing(new byte[] {9});
      var shares =
          List.of(
              advanced(session.sign(point(1), signing)), advanced(session.sign(point(2), other)));
      assertEquals(
          new Step.Aborted<>(Fault.BAD_SIGNATURE_SHARE, List.of(new PartyId(2))),
          session.aggregate(signing, shares));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void sharesThatAreMissingDoubledOrForeignAreRefused(FrostSuite suite) {
    var key = key(suite, 2, 3);
    try (var session = TestSession.of(key, 1)) {
      var signing = session.signing(MESSAGE);
      var shares = session.sign(signing);
      var two = new PartyId(2);
      assertEquals(
          new Step.Aborted<>(Fault.BAD_PARTICIPANTS, List.of(two)),
          session.aggregate(signing, List.of(shares.get(0), shares.get(2))));
      var doubled = new ArrayList<>(shares);
      doubled.add(shares.get(1));
      assertEquals(
          new Step.Aborted<>(Fault.BAD_PARTICIPANTS, List.of(two)),
          session.aggregate(signing, doubled));
      var foreign = new ArrayList<>(shares);
      foreign.add(new SignatureShare(point(4), shares.get(1).z()));
      assertEquals(
          new Step.Aborted<>(Fault.BAD_PARTICIPANTS, List.of()),
          session.aggregate(signing, foreign));
      assertFalse(
          Aggregation.verifies(signing, foreign.getLast(), key.verificationShare(point(2))));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void commitmentsThatAreMissingDoubledForeignOrUnsortedAreRefused(FrostSuite suite) {
    var key = key(suite, 2, 3);
    try (var session = TestSession.of(key, 1)) {
      var all = session.commitments();
      var two = List.of(new PartyId(2));
      refused(session, two, List.of(all.get(0), all.get(2)));
      refused(session, two, List.of(all.get(0), all.get(1), all.get(1), all.get(2)));
      refused(session, List.of(), all.reversed());
      var foreign = new NonceCommitment(point(4), all.get(0).hiding(), all.get(0).binding());
      refused(session, List.of(), List.of(all.get(0), all.get(1), all.get(2), foreign));
      refused(session, two, List.of(all.get(0), all.get(2), foreign));
    }
  }

  private static void refused(
      TestSession session, List<PartyId> culprits, List<NonceCommitment> commitments) {
    assertEquals(
        new Step.Aborted<>(Fault.BAD_PARTICIPANTS, culprits),
        SigningPackage.of(session.signingKey, session.signers, MESSAGE, commitments, List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aReplacedOwnCommitmentIsNotSigned(FrostSuite suite) {
    var key = key(suite, 2, 2);
    for (int part = 0; part < 2; part++) {
      try (var session = TestSession.of(key, 1);
          var other = TestSession.of(key, 2)) {
        var commitments = session.commitments();
        var own = commitments.get(0);
        var foreign = other.commitments().get(0);
        commitments.set(
            0,
            part == 0
                ? new NonceCommitment(own.point(), foreign.hiding(), own.binding())
                : new NonceCommitment(own.point(), own.hiding(), foreign.binding()));
        var signing = signing(session, session.signingKey, commitments);
        assertEquals(Fault.COMMITMENT_MISSING, aborted(session.sign(point(1), signing)).fault());
      }
    }
  }

  /** Whoever speaks last can cancel the hiding nonces of all others; that alone is harmless. */
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void hidingCommitmentsThatCancelOutAreNoIdentity(FrostSuite suite) {
    var key = key(suite, 2, 2);
    var ops = key.group().publicOps();
    try (var session = TestSession.of(key, 1)) {
      var commitments = session.commitments();
      var first = commitments.get(0);
      commitments.set(
          1,
          new NonceCommitment(point(2), ops.negate(first.hiding()), commitments.get(1).binding()));
      var signing = signing(session, session.signingKey, commitments);
      var expected =
          ops.linearCombination(
              List.of(
                  signing.bindingFactor(point(1)).orElseThrow(),
                  signing.bindingFactor(point(2)).orElseThrow()),
              List.of(first.binding(), commitments.get(1).binding()));
      var found = signing.groupCommitment();
      assertTrue(
          expected.orElseThrow().equals(found) || ops.negate(expected.orElseThrow()).equals(found));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void aGroupCommitmentThatIsTheIdentityAborts(FrostSuite suite) {
    var key = TestKey.dealt(suite, ModelGroup.degenerate(suite.group()), 2, 2, 42);
    try (var session = TestSession.of(key, 1)) {
      assertEquals(
          new Step.Aborted<>(Fault.DEGENERATE, List.of()),
          SigningPackage.of(
              session.signingKey, session.signers, MESSAGE, session.commitments(), List.of()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void verificationSharesOfAnotherKeyAreOurFault(FrostSuite suite) {
    var key = key(suite, 2, 2);
    var wrong = TestKey.dealt(suite, key.group(), 2, 2, 43);
    try (var session = new TestSession(key, wrong.stored(), key.everybody(), 1)) {
      var signing = session.signing(MESSAGE);
      var shares = session.sign(signing);
      assertThrows(
          IllegalStateException.class,
          () ->
              Aggregation.aggregate(
                  signing, shares, key.verificationShares(), TestSession.VERIFIER));
      var incomplete = new HashMap<EvaluationPoint, Element>(key.verificationShares());
      incomplete.remove(point(1));
      assertThrows(
          IllegalArgumentException.class,
          () -> Aggregation.aggregate(signing, shares, incomplete, TestSession.VERIFIER));
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void fewerPointsThanTheThresholdAreNoSigners(FrostSuite suite) {
    var key = key(suite, 3, 3);
    assertThrows(IllegalArgumentException.class, () -> key.signers(List.of(point(1), point(2))));
    assertThrows(IllegalArgumentException.class, () -> new Signers(1, key.owners()));
    assertThrows(IllegalArgumentException.class, () -> new EvaluationPoint(0));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void suitesAndGroupsDoNotMix(FrostSuite suite) {
    var key = key(suite, 2, 2);
    var alien = suite == FrostSuite.ED25519 ? FrostSuite.SECP256K1 : FrostSuite.ED25519;
    var alienKey = key(alien, 2, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> SigningKey.stored(suite, alienKey.group(), key.groupKey()));
    assertThrows(
        IllegalArgumentException.class,
        () -> SigningKey.stored(suite, key.group(), alienKey.groupKey()));
    try (var session = TestSession.of(key, 1);
        var alienSession = TestSession.of(alienKey, 1)) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              SigningPackage.of(
                  session.signingKey,
                  session.signers,
                  MESSAGE,
                  alienSession.commitments(),
                  List.of()));
      var alienSigning = alienSession.signing(MESSAGE);
      assertThrows(IllegalArgumentException.class, () -> session.sign(point(1), alienSigning));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new NonceCommitment(
                  point(1),
                  session.commitments().get(0).hiding(),
                  alienSession.commitments().get(0).hiding()));
    }
  }
}
