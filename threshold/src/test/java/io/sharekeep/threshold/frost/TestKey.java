package io.sharekeep.threshold.frost;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.PublicScalar;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A key that a dealer split, with everything in the open: for tests alone. */
record TestKey(
    FrostSuite suite,
    Group group,
    int threshold,
    SortedMap<EvaluationPoint, PartyId> owners,
    SortedMap<EvaluationPoint, PublicScalar> shares,
    SortedMap<EvaluationPoint, Element> verificationShares,
    Element groupKey) {

  /** Points 1..n, each of the party with the same number. */
  static TestKey dealt(FrostSuite suite, Group group, int threshold, int points, long seed) {
    var owners = new TreeMap<EvaluationPoint, PartyId>();
    for (int x = 1; x <= points; x++) {
      owners.put(new EvaluationPoint(x), new PartyId(x));
    }
    return dealt(suite, group, threshold, owners, seed);
  }

  static TestKey dealt(
      FrostSuite suite,
      Group group,
      int threshold,
      SortedMap<EvaluationPoint, PartyId> owners,
      long seed) {
    var random = new SplittableRandom(seed);
    var coefficients = new ArrayList<PublicScalar>();
    for (int i = 0; i < threshold; i++) {
      var wide = new byte[64];
      random.nextBytes(wide);
      coefficients.add(group.publicOps().reduce(wide));
    }
    return of(suite, group, owners, coefficients);
  }

  static TestKey of(
      FrostSuite suite,
      Group group,
      SortedMap<EvaluationPoint, PartyId> owners,
      List<PublicScalar> coefficients) {
    var ops = group.publicOps();
    var shares = new TreeMap<EvaluationPoint, PublicScalar>();
    var verificationShares = new TreeMap<EvaluationPoint, Element>();
    for (var point : owners.keySet()) {
      var x = ops.scalar(point.x());
      var share = ops.scalar(0);
      for (var coefficient : coefficients.reversed()) {
        share = ops.add(ops.multiply(share, x), coefficient);
      }
      shares.put(point, share);
      verificationShares.put(point, ops.multiplyBase(share).orElseThrow());
    }
    var groupKey = ops.multiplyBase(coefficients.getFirst()).orElseThrow();
    return new TestKey(
        suite, group, coefficients.size(), owners, shares, verificationShares, groupKey);
  }

  SigningKey stored() {
    return SigningKey.stored(suite, group, groupKey);
  }

  Signers signers(Collection<EvaluationPoint> points) {
    var chosen = new TreeMap<EvaluationPoint, PartyId>(owners);
    chosen.keySet().retainAll(points);
    return new Signers(threshold, chosen);
  }

  Signers everybody() {
    return new Signers(threshold, owners);
  }

  byte[] share(EvaluationPoint point) {
    return Optional.ofNullable(shares.get(point)).orElseThrow().encoded();
  }

  Element verificationShare(EvaluationPoint point) {
    return Optional.ofNullable(verificationShares.get(point)).orElseThrow();
  }

  static Randomness seeded(long seed) {
    var random = new SplittableRandom(seed);
    return out -> {
      var bytes = new byte[(int) out.byteSize()];
      random.nextBytes(bytes);
      MemorySegment.copy(bytes, 0, out, JAVA_BYTE, 0, bytes.length);
    };
  }

  static <K, V> V at(Map<K, V> map, K key) {
    return Optional.ofNullable(map.get(key)).orElseThrow();
  }
}
