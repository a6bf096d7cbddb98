package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Step;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.primitive.SignatureVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs the signers of one signature, each of them honest; tests bend what lies between rounds. */
final class TestSession implements AutoCloseable {
  static final SignatureVerifier VERIFIER = SignatureVerifier.open();

  final TestKey key;
  final SigningKey signingKey;
  final Signers signers;
  final SortedMap<EvaluationPoint, Committed> committed = new TreeMap<>();
  private final TestScratch scratch = new TestScratch();

  TestSession(TestKey key, SigningKey signingKey, Signers signers, long seed) {
    this.key = key;
    this.signingKey = signingKey;
    this.signers = signers;
    var randomness = TestKey.seeded(seed);
    for (var point : signers.points()) {
      try (var share = scratch.holding(key.share(point))) {
        committed.put(
            point,
            Committed.commit(key.suite(), key.group(), scratch, randomness, point, share.bytes()));
      }
    }
  }

  static TestSession of(TestKey key, long seed) {
    return new TestSession(key, key.stored(), key.everybody(), seed);
  }

  List<NonceCommitment> commitments() {
    return new ArrayList<>(committed.values().stream().map(Committed::commitment).toList());
  }

  SigningPackage signing(byte[] message) {
    return advanced(SigningPackage.of(signingKey, signers, message, commitments(), List.of()));
  }

  Step<SignatureShare> sign(EvaluationPoint point, SigningPackage signing) {
    try (var share = scratch.holding(key.share(point))) {
      return TestKey.at(committed, point).sign(share.bytes(), signing);
    }
  }

  List<SignatureShare> sign(SigningPackage signing) {
    var shares = new ArrayList<SignatureShare>();
    for (var point : signers.points()) {
      shares.add(advanced(sign(point, signing)));
    }
    return shares;
  }

  Step<byte[]> aggregate(SigningPackage signing, List<SignatureShare> shares) {
    return Aggregation.aggregate(signing, shares, key.verificationShares(), VERIFIER);
  }

  byte[] signature(byte[] message) {
    var signing = signing(message);
    return advanced(aggregate(signing, sign(signing)));
  }

  int lent() {
    return scratch.lent();
  }

  /** Fails if a slab outlives its state. */
  @Override
  public void close() {
    committed.values().forEach(Committed::close);
    scratch.close();
  }

  static <S> S advanced(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S>(var state) -> state;
      case Step.Aborted<S>(var fault, var culprits) ->
          throw new AssertionError("aborted with " + fault + " by " + culprits);
    };
  }

  static <S> Step.Aborted<S> aborted(Step<S> step) {
    return switch (step) {
      case Step.Advanced<S> _ -> throw new AssertionError("the step went on");
      case Step.Aborted<S> aborted -> aborted;
    };
  }
}
