package io.sharekeep.threshold.ecdsa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.keygen.SeededRandomness;
import io.sharekeep.threshold.wire.Octets;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures by quorums, and what one rogue can do to them. */
@LeavesNothing
class SigningTest {
  private static final Group GROUP = Groups.open(new SeededRandomness(4)).secp256k1();
  private static final TestKey TWO_OF_THREE = new TestKey(GROUP, 1, 2, 1, 1, 1);
  private static final Octets DIGEST = Octets.of(Model.h32("sid", 99));

  static Stream<Arguments> quorums() {
    return Stream.of(
        Arguments.of(2, new int[] {1, 1}, new int[] {1, 2}),
        Arguments.of(2, new int[] {1, 1, 1}, new int[] {1, 3}),
        Arguments.of(2, new int[] {1, 1, 1}, new int[] {1, 2, 3}),
        Arguments.of(3, new int[] {1, 2, 1, 1}, new int[] {2, 4}),
        Arguments.of(4, new int[] {3, 2, 1}, new int[] {1, 2, 3}));
  }

  @ParameterizedTest
  @MethodSource("quorums")
  void everyQuorumSigns(int threshold, int[] weights, int[] signers) {
    var key = new TestKey(GROUP, 7, threshold, weights);
    var offset = GROUP.publicOps().scalar(12345);
    var signingKey = SigningKey.derived(GROUP, key.publicKey, offset).orElseThrow();
    try (var ceremony = ceremony(key, signingKey, signers, TestSigner.Mutator.HONEST)) {
      ceremony.run();
      for (var signer : ceremony.signers.values()) {
        assertEquals(Optional.empty(), signer.aborted);
        var signature = signer.signature.orElseThrow();
        assertTrue(verifies(signingKey, DIGEST, signature));
        assertFalse(verifies(SigningKey.stored(GROUP, key.publicKey), DIGEST, signature));
      }
      assertEquals(1, ceremony.signers.values().stream().map(s -> s.signature).distinct().count());
    }
  }

  @Test
  void theLowerFormOfDerIsStrict() {
    var ops = GROUP.publicOps();
    var signature = new EcdsaSignature(ops.scalar(255), ops.scalar(1), 0);
    assertEquals("3007020200ff020101", java.util.HexFormat.of().formatHex(signature.der()));
  }

  /** T-LOW: a nonce point with x ≥ q exists only in theory, so it is made up here. */
  @Test
  void theRecoveryIdNamesAllFourClassesOfNoncePoints() {
    var ops = GROUP.publicOps();
    var means =
        new io.sharekeep.threshold.keygen.Means(
            GROUP,
            io.sharekeep.threshold.primitive.Primitives.open(),
            new io.sharekeep.threshold.TestScratch(),
            new SeededRandomness(1));
    var digest = DIGEST.toArray();
    var seen = new java.util.TreeSet<Integer>();
    for (var x = Model.Q; seen.size() < 4; x = x.add(BigInteger.ONE)) {
      for (byte parity = 2; parity <= 3; parity++) {
        for (var candidate : List.of(x, x.subtract(Model.Q).add(BigInteger.valueOf(5)))) {
          var encoding = Model.concat(new byte[] {parity}, Model.scalar(candidate));
          var point = ops.decode(encoding);
          if (point.isEmpty() || candidate.equals(Model.Q)) {
            continue;
          }
          var signature =
              Partial.signature(means, point.get(), ops.scalar(3), ops.scalar(7)).orElseThrow();
          // Some key belongs to it; what verifies under that key is what was meant.
          var key =
              TestSigner.VERIFIER.recover(digest, signature.compact(), signature.recoveryId());
          assertTrue(TestSigner.VERIFIER.ecdsa(key.orElseThrow(), digest, signature.compact()));
          assertTrue(
              new BigInteger(1, signature.s().encoded()).compareTo(Model.Q.shiftRight(1)) <= 0);
          boolean flipped =
              !signature.s().equals(ops.multiply(ops.scalar(7), ops.invert(ops.scalar(3))));
          int expected =
              ((parity == 3 ? 1 : 0) ^ (flipped ? 1 : 0)) | (candidate.equals(x) ? 2 : 0);
          assertEquals(expected, signature.recoveryId());
          seen.add(signature.recoveryId());
        }
      }
    }
  }

  /** Fields of round 3 that one peer alone sees, each changed: the fault and the culprit. */
  static Stream<Arguments> tampered() {
    return Stream.of(
        Arguments.of(2, "u", Fault.BAD_EXTENSION),
        Arguments.of(2, "x", Fault.BAD_EXTENSION),
        Arguments.of(2, "t", Fault.BAD_EXTENSION),
        Arguments.of(2, "frame", Fault.BAD_ENCODING),
        Arguments.of(3, "frame", Fault.BAD_ENCODING),
        Arguments.of(3, "blind", Fault.BAD_COMMITMENT),
        Arguments.of(3, "R", Fault.BAD_COMMITMENT),
        Arguments.of(3, "E", Fault.BAD_COMMITMENT),
        Arguments.of(3, "pk", Fault.BAD_CONSISTENCY),
        Arguments.of(3, "gammaU", Fault.BAD_CONSISTENCY),
        Arguments.of(3, "gammaV", Fault.BAD_CONSISTENCY),
        Arguments.of(3, "corrections", Fault.BAD_PRODUCT),
        Arguments.of(3, "response", Fault.BAD_PRODUCT),
        Arguments.of(3, "check", Fault.BAD_PRODUCT),
        Arguments.of(3, "zero R", Fault.BAD_ENCODING),
        Arguments.of(3, "zero pk", Fault.BAD_ENCODING),
        Arguments.of(3, "zero gammaU", Fault.BAD_ENCODING),
        Arguments.of(3, "zero gammaV", Fault.BAD_ENCODING),
        Arguments.of(3, "large psi", Fault.BAD_ENCODING),
        Arguments.of(3, "large response", Fault.BAD_ENCODING),
        Arguments.of(3, "large corrections", Fault.BAD_ENCODING));
  }

  @ParameterizedTest
  @MethodSource("tampered")
  void aTamperedFieldNamesItsSender(int round, String field, Fault fault) {
    var victim = new PartyId(1);
    TestSigner.Mutator mutator =
        (r, to, payload) -> {
          if (r != round || !to.equals(Optional.of(victim))) {
            return false;
          }
          Tampering.change(field, round, payload);
          return true;
        };
    try (var ceremony =
        ceremony(
            TWO_OF_THREE,
            SigningKey.stored(GROUP, TWO_OF_THREE.publicKey),
            new int[] {1, 2, 3},
            mutator)) {
      ceremony.run();
      assertEquals(
          Optional.of(new Step.Aborted<>(fault, List.of(new PartyId(2)))),
          ceremony.signer(1).aborted);
      assertTrue(ceremony.signers.values().stream().allMatch(s -> s.signature.isEmpty()));
      assertEquals(
          List.of(Fault.BAD_EXTENSION, Fault.BAD_PRODUCT, Fault.BAD_CONSISTENCY).contains(fault),
          fault.burnsPair());
    }
  }

  /** T-INV: a wrong part cannot be told from another, so nobody is blamed and nothing is shown. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {0, 1})
  void aWrongPartGivesNoSignatureAndNoCulprit(int field) {
    TestSigner.Mutator mutator =
        (round, _, payload) -> {
          if (round == 4) {
            Tampering.flip(Rounds.PARTIAL.field(payload, field), 31);
          }
          return round == 4;
        };
    try (var ceremony =
        ceremony(
            TWO_OF_THREE,
            SigningKey.stored(GROUP, TWO_OF_THREE.publicKey),
            new int[] {1, 2},
            mutator)) {
      ceremony.run();
      assertEquals(
          Optional.of(new Step.Aborted<>(Fault.BAD_SIGNATURE, List.of())),
          ceremony.signer(1).aborted);
      assertEquals(Optional.empty(), ceremony.signer(1).signature);
    }
  }

  /** T-GAM: the nonce that is multiplied is not the one behind the point. */
  @Test
  void aNonceOtherThanItsPointIsCaughtByEveryVictim() {
    var key = TWO_OF_THREE;
    var signingKey = SigningKey.stored(GROUP, key.publicKey);
    var context = key.context(List.of(new PartyId(1), new PartyId(2), new PartyId(3)), 5);
    var rogue = new RogueGroup(GROUP, 0);
    try (var ceremony = new TestSigner.Ceremony(signingKey, DIGEST)) {
      for (int id = 1; id <= 3; id++) {
        ceremony.with(
            new TestSigner(
                key,
                context,
                new PartyId(id),
                id == 2 ? rogue : GROUP,
                3,
                TestSigner.Mutator.HONEST));
      }
      ceremony.run();
      for (int victim : new int[] {1, 3}) {
        assertEquals(
            Optional.of(new Step.Aborted<>(Fault.BAD_CONSISTENCY, List.of(new PartyId(2)))),
            ceremony.signer(victim).aborted);
      }
    }
  }

  /** E-SUM: all points fit their products, but a share is not the key's. */
  @Test
  void ashareThatIsNotTheKeysAbortsWithoutCulprit() {
    var other = new TestKey(GROUP, 1, 2, 1, 1, 1);
    var signingKey =
        SigningKey.stored(
            GROUP, GROUP.publicOps().multiplyBase(GROUP.publicOps().scalar(5)).orElseThrow());
    try (var ceremony = ceremony(other, signingKey, new int[] {1, 2}, TestSigner.Mutator.HONEST)) {
      ceremony.run();
      assertEquals(
          Optional.of(new Step.Aborted<>(Fault.BAD_KEY_SUM, List.of())),
          ceremony.signer(1).aborted);
    }
  }

  @Test
  void zeroSharesSumToZero() {
    for (var signers : List.of(List.of(1, 2), List.of(1, 2, 3))) {
      var sum = BigInteger.ZERO;
      var ids = signers.stream().map(PartyId::new).toList();
      var context = TWO_OF_THREE.context(ids, 5);
      for (var id : ids) {
        try (var signer =
                new TestSigner(TWO_OF_THREE, context, id, GROUP, 3, TestSigner.Mutator.HONEST);
            var out = signer.party.scratch.borrow(32);
            var zero = signer.party.scratch.borrow(32)) {
          new Quorum(signer.means, signer.party.endpoint)
              .share(
                  DIGEST,
                  0,
                  peer -> new PairSecrets(signer.pairBytes(peer)),
                  zero.bytes(),
                  out.bytes());
          var share = new BigInteger(1, out.bytes().toArray(ValueLayout.JAVA_BYTE));
          assertFalse(share.signum() == 0);
          sum = sum.add(share);
        }
      }
      assertEquals(BigInteger.ZERO, sum.mod(Model.Q));
    }
  }

  static TestSigner.Ceremony ceremony(
      TestKey key, SigningKey signingKey, int[] signers, TestSigner.Mutator rogue) {
    return ceremony(key, signingKey, signers, DIGEST, rogue);
  }

  /**
   * @param rogue what party 2 does, if it signs
   */
  static TestSigner.Ceremony ceremony(
      TestKey key, SigningKey signingKey, int[] signers, Octets digest, TestSigner.Mutator rogue) {
    var ids = Arrays.stream(signers).mapToObj(PartyId::new).toList();
    var context = key.context(ids, 5);
    var ceremony = new TestSigner.Ceremony(signingKey, digest);
    for (var id : ids) {
      ceremony.with(
          new TestSigner(
              key, context, id, GROUP, 3, id.value() == 2 ? rogue : TestSigner.Mutator.HONEST));
    }
    return ceremony;
  }

  static boolean verifies(SigningKey key, Octets digest, EcdsaSignature signature) {
    var curve = CustomNamedCurves.getByName("secp256k1");
    var domain = new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN());
    var signer = new ECDSASigner();
    signer.init(
        false,
        new ECPublicKeyParameters(curve.getCurve().decodePoint(key.key().encoded()), domain));
    return signer.verifySignature(
            digest.toArray(),
            new BigInteger(1, signature.r().encoded()),
            new BigInteger(1, signature.s().encoded()))
        && TestSigner.VERIFIER.ecdsa(key.key().encoded(), digest.toArray(), signature.compact())
        && TestSigner.VERIFIER
            .recover(digest.toArray(), signature.compact(), signature.recoveryId())
            .filter(recovered -> Arrays.equals(recovered, key.key().encoded()))
            .isPresent();
  }
}
