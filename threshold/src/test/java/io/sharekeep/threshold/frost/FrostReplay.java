package io.sharekeep.threshold.frost;

import static io.sharekeep.threshold.frost.TestSession.advanced;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Runs a published case with its randomness and compares every value that is published. */
final class FrostReplay {
  private FrostReplay() {}

  static void replay(FrostCase published, Group group) {
    var ops = group.publicOps();
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    var verificationShares = new TreeMap<EvaluationPoint, Element>();
    for (var signer : published.signers()) {
      var point = new EvaluationPoint(signer.point());
      owners.put(point, new PartyId(signer.point()));
      assertArrayEquals(signer.share(), shareOnPolynomial(published, group, point));
      verificationShares.put(
          point, ops.multiplyBase(ops.decodeScalar(signer.share()).orElseThrow()).orElseThrow());
    }
    var storedKey = ops.decode(published.groupKey()).orElseThrow();
    var key = SigningKey.stored(published.suite(), group, storedKey);

    try (var scratch = new TestScratch()) {
      var committed = new ArrayList<Committed>();
      for (var signer : published.signers()) {
        committed.add(commit(published, group, scratch, signer));
      }
      var commitments = committed.stream().map(Committed::commitment).toList();
      var signers = new Signers(published.threshold(), owners);
      var bystander =
          advanced(SigningPackage.of(key, signers, published.message(), commitments, List.of()));
      var signing =
          advanced(
              SigningPackage.of(
                  key, signers, published.message(), commitments, committed.subList(0, 1)));
      assertEquals(bystander.groupCommitment(), signing.groupCommitment());
      var shares = new ArrayList<SignatureShare>();
      for (int i = 0; i < committed.size(); i++) {
        var signer = published.signers().get(i);
        var point = committed.get(i).commitment().point();
        assertArrayEquals(signer.factor(), signing.bindingFactor(point).orElseThrow().encoded());
        try (var share = scratch.holding(signer.share())) {
          shares.add(advanced(committed.get(i).sign(share.bytes(), signing)));
        }
        assertArrayEquals(signer.z(), shares.getLast().z().encoded());
        assertTrue(
            Aggregation.verifies(signing, shares.getLast(), TestKey.at(verificationShares, point)));
      }
      var signature =
          advanced(
              Aggregation.aggregate(signing, shares, verificationShares, TestSession.VERIFIER));
      assertArrayEquals(published.signature(), signature);
      assertTrue(Verifiers.verifies(key, published.message(), signature));
    }
  }

  private static byte[] shareOnPolynomial(FrostCase published, Group group, EvaluationPoint point) {
    var ops = group.publicOps();
    var coefficients = new ArrayList<byte[]>();
    coefficients.add(published.groupSecret());
    coefficients.addAll(published.coefficients());
    var x = ops.scalar(point.x());
    var share = ops.scalar(0);
    for (var coefficient : coefficients.reversed()) {
      share = ops.add(ops.multiply(share, x), ops.decodeScalar(coefficient).orElseThrow());
    }
    return share.encoded();
  }

  private static Committed commit(
      FrostCase published, Group group, TestScratch scratch, FrostCase.Signer signer) {
    var ops = group.publicOps();
    try (var share = scratch.holding(signer.share())) {
      var committed =
          Committed.commit(
              published.suite(),
              group,
              scratch,
              exactly(signer.hidingRandom(), signer.bindingRandom()),
              new EvaluationPoint(signer.point()),
              share.bytes());
      assertArrayEquals(signer.hiding(), committed.commitment().hiding().encoded());
      assertArrayEquals(signer.binding(), committed.commitment().binding().encoded());
      assertEquals(
          Optional.of(committed.commitment().hiding()),
          ops.multiplyBase(ops.decodeScalar(signer.hidingNonce()).orElseThrow()));
      assertEquals(
          Optional.of(committed.commitment().binding()),
          ops.multiplyBase(ops.decodeScalar(signer.bindingNonce()).orElseThrow()));
      return committed;
    }
  }

  /** Gives these draws in this order, and fails on another length or a further draw. */
  static Randomness exactly(byte[]... draws) {
    var left = new ArrayDeque<>(List.of(Arrays.copyOf(draws, draws.length)));
    return out -> {
      var draw = left.removeFirst();
      assertEquals(draw.length, out.byteSize());
      MemorySegment.copy(draw, 0, out, JAVA_BYTE, 0, draw.length);
    };
  }
}
