package io.sharekeep.threshold.frost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.leftovers.LeavesNothing;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@LeavesNothing
class SigningKeyTest {
  private static final Group SECP256K1 = TestGroups.quickest(GroupId.SECP256K1);

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(files = "src/test/resources/vectors/bip341/script-pub-key.csv")
  void theOutputKeysOfBip341AreDerived(
      String internal, String root, String tweak, String outputKey) {
    assertEquals(64, tweak.length());
    // The parity of the stored key is ours alone: BIP-341 sees x.
    for (var prefix : List.of("02", "03")) {
      var key = taproot(element(prefix + internal), tweak(root));
      assertEquals(outputKey, hex(key.xOnly()));
      assertFalse(key.groupKey().hasOddY());
      assertArrayEquals(key.xOnly(), FrostSuite.xOnly(key.groupKey().encoded()));
    }
  }

  @ParameterizedTest(name = "{1}")
  @CsvFileSource(files = "src/test/resources/vectors/bip341/key-path-spending.csv")
  void theTweakedSecretsOfBip341AreDerivedAndSignInShares(
      String secret,
      String internal,
      String root,
      String tweak,
      String tweakedSecret,
      String signatureHash) {
    assertEquals(64, tweak.length());
    var ops = SECP256K1.publicOps();
    var storedSecret = scalar(secret);
    var stored = ops.multiplyBase(storedSecret).orElseThrow();
    assertEquals(internal, hex(FrostSuite.xOnly(stored.encoded())));

    var key = taproot(stored, tweak(root));
    var ours = shareOf(key, storedSecret);
    // BIP-341 leaves the parity of the output key open; ours is the even one of the two.
    var theirs = scalar(tweakedSecret);
    assertTrue(ours.equals(theirs) || ours.equals(ops.negate(theirs)));
    assertEquals(Optional.of(key.groupKey()), ops.multiplyBase(ours));

    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (int x = 1; x <= 3; x++) {
      owners.put(new EvaluationPoint(x), new PartyId(x));
    }
    var split =
        TestKey.of(
            FrostSuite.SECP256K1_TAPROOT,
            SECP256K1,
            owners,
            List.of(storedSecret, ops.scalar(123456789)));
    var message = HexFormat.of().parseHex(signatureHash);
    try (var session = new TestSession(split, key, split.everybody(), 341)) {
      var signature = session.signature(message);
      assertTrue(Verifiers.bip340(key.xOnly(), message, signature));
    }
  }

  static Stream<Long> seeds() {
    return LongStream.range(0, 12).boxed();
  }

  /** Over the seeds every combination of parities of P, Q and R occurs. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void derivedAndTweakedKeysSign(long seed) {
    var random = new SplittableRandom(seed);
    var wide = new byte[64];
    random.nextBytes(wide);
    var derivation = SECP256K1.publicOps().reduce(wide);
    var root = new byte[32];
    random.nextBytes(root);
    var key = TestKey.dealt(FrostSuite.SECP256K1_TAPROOT, SECP256K1, 2, 3, seed);
    for (var tweak :
        List.of(
            new TaprootTweak.None(), new TaprootTweak.Bip86(), new TaprootTweak.MerkleRoot(root))) {
      var signingKey =
          SigningKey.derived(key.suite(), SECP256K1, key.groupKey(), derivation, tweak)
              .orElseThrow();
      assertSigns(key, signingKey, seed);
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void everySuiteSignsUnderDerivedKeys(FrostSuite suite) {
    var group = TestGroups.quickest(suite.group());
    var key = TestKey.dealt(suite, group, 2, 2, 6);
    var derivation = group.publicOps().scalar(0x7fff_ffff_ffffL);
    var derived =
        SigningKey.derived(suite, group, key.groupKey(), derivation, new TaprootTweak.None())
            .orElseThrow();
    assertNotEquals(key.stored().groupKey(), derived.groupKey());
    assertSigns(key, derived, 6);
  }

  /** Also the blame must be right under the map from stored to tweaked shares. */
  private static void assertSigns(TestKey key, SigningKey signingKey, long seed) {
    var message = new byte[] {(byte) seed, 1};
    var ops = key.group().publicOps();
    try (var session = new TestSession(key, signingKey, key.everybody(), seed)) {
      var signing = session.signing(message);
      var shares = session.sign(signing);
      for (var share : shares) {
        var stored = key.verificationShare(share.point());
        assertTrue(Aggregation.verifies(signing, share, stored));
        var bent = new SignatureShare(share.point(), ops.add(share.z(), ops.scalar(1)));
        assertFalse(Aggregation.verifies(signing, bent, stored));
        assertEquals(
            signingKey.verificationShare(stored),
            ops.multiplyBase(shareOf(signingKey, TestKey.at(key.shares(), share.point()))));
      }
      var signature = TestSession.advanced(session.aggregate(signing, shares));
      assertTrue(Verifiers.verifies(signingKey, message, signature));
      assertFalse(Verifiers.verifies(signingKey, new byte[] {7}, signature));
    }
  }

  @Test
  void noTweakAndBip86AreDifferentKeys() {
    var stored = SECP256K1.publicOps().generator();
    var none = taproot(stored, new TaprootTweak.None());
    assertArrayEquals(FrostSuite.xOnly(stored.encoded()), none.xOnly());
    assertNotEquals(none.groupKey(), taproot(stored, new TaprootTweak.Bip86()).groupKey());
    assertEquals(
        none.groupKey(),
        SigningKey.stored(FrostSuite.SECP256K1_TAPROOT, SECP256K1, stored).groupKey());
  }

  @Test
  void theEmptyRootIsNotARootOfZeros() {
    var stored = SECP256K1.publicOps().generator();
    assertNotEquals(
        taproot(stored, new TaprootTweak.Bip86()).groupKey(),
        taproot(stored, new TaprootTweak.MerkleRoot(new byte[32])).groupKey());
  }

  @Test
  void aDerivationToTheIdentityIsEmpty() {
    var ops = SECP256K1.publicOps();
    var minusOne = ops.negate(ops.scalar(1));
    for (var suite : List.of(FrostSuite.SECP256K1, FrostSuite.SECP256K1_TAPROOT)) {
      assertEquals(
          Optional.empty(),
          SigningKey.derived(suite, SECP256K1, ops.generator(), minusOne, new TaprootTweak.None()));
    }
  }

  @Test
  void onlyTaprootTakesATweakAndHasXOnlyKeys() {
    var ops = SECP256K1.publicOps();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            SigningKey.derived(
                FrostSuite.SECP256K1,
                SECP256K1,
                ops.generator(),
                ops.scalar(0),
                new TaprootTweak.Bip86()));
    var plain = SigningKey.stored(FrostSuite.SECP256K1, SECP256K1, ops.generator());
    assertThrows(IllegalStateException.class, plain::xOnly);
  }

  @Test
  void aMerkleRootIs32BytesOfItsOwn() {
    assertThrows(IllegalArgumentException.class, () -> new TaprootTweak.MerkleRoot(new byte[31]));
    var bytes = new byte[32];
    var root = new TaprootTweak.MerkleRoot(bytes);
    bytes[0] = 1;
    root.root()[1] = 1;
    assertEquals(new TaprootTweak.MerkleRoot(new byte[32]), root);
    assertEquals(new TaprootTweak.MerkleRoot(new byte[32]).hashCode(), root.hashCode());
  }

  private static SigningKey taproot(Element stored, TaprootTweak tweak) {
    return SigningKey.derived(
            FrostSuite.SECP256K1_TAPROOT, SECP256K1, stored, SECP256K1.publicOps().scalar(0), tweak)
        .orElseThrow();
  }

  private static PublicScalar shareOf(SigningKey key, PublicScalar stored) {
    try (var scratch = new TestScratch();
        var in = scratch.holding(stored.encoded());
        var out = scratch.borrow(32)) {
      key.share(in.bytes(), out.bytes());
      return key.group().secretOps().publish(out.bytes());
    }
  }

  private static TaprootTweak tweak(String root) {
    return root.equals("none")
        ? new TaprootTweak.Bip86()
        : new TaprootTweak.MerkleRoot(HexFormat.of().parseHex(root));
  }

  private static Element element(String hex) {
    return SECP256K1.publicOps().decode(HexFormat.of().parseHex(hex)).orElseThrow();
  }

  private static PublicScalar scalar(String hex) {
    return SECP256K1.publicOps().decodeScalar(HexFormat.of().parseHex(hex)).orElseThrow();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
