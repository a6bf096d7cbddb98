package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.Identity;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.Suite;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A key as a dealer would make it, pairs included: for tests of signing alone. */
final class TestKey {
  final Committee committee;
  final Element publicKey;
  private final BigInteger[] polynomial;
  private final Map<List<PartyId>, byte[]> pairs = new HashMap<>();

  TestKey(Group group, long seed, int threshold, int... weights) {
    var random = new Random(seed);
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    int x = 1;
    for (int i = 0; i < weights.length; i++) {
      var own = new ArrayList<EvaluationPoint>();
      for (int n = 0; n < weights[i]; n++) {
        own.add(new EvaluationPoint(x++));
      }
      points.put(new PartyId(i + 1), own);
    }
    this.committee = new Committee(threshold, points);
    this.polynomial = new BigInteger[threshold];
    for (int m = 0; m < threshold; m++) {
      polynomial[m] = new BigInteger(255, random);
    }
    this.publicKey =
        group.publicOps().decode(Model.times(polynomial[0]).getEncoded(true)).orElseThrow();
    for (var alice : committee.parties()) {
      for (var bob : committee.parties()) {
        if (alice.compareTo(bob) < 0) {
          deal(alice, bob, random);
        }
      }
    }
  }

  /** Both directions' base OTs and the zero-share seed. */
  private void deal(PartyId a, PartyId b, Random random) {
    var first = new byte[(int) PairSecrets.LENGTH];
    var second = new byte[(int) PairSecrets.LENGTH];
    oneWay(first, second, random);
    oneWay(second, first, random);
    var zeta = new byte[32];
    random.nextBytes(zeta);
    System.arraycopy(zeta, 0, first, first.length - 32, 32);
    System.arraycopy(zeta, 0, second, second.length - 32, 32);
    pairs.put(List.of(a, b), first);
    pairs.put(List.of(b, a), second);
  }

  private static void oneWay(byte[] alice, byte[] bob, Random random) {
    var delta = new byte[32];
    random.nextBytes(delta);
    System.arraycopy(delta, 0, alice, 0, 32);
    for (int i = 0; i < 256; i++) {
      var keys = new byte[2][32];
      random.nextBytes(keys[0]);
      random.nextBytes(keys[1]);
      System.arraycopy(keys[Model.bit(delta, i)], 0, alice, 32 + 32 * i, 32);
      System.arraycopy(keys[0], 0, bob, 32 + 256 * 32 + 32 * i, 32);
      System.arraycopy(keys[1], 0, bob, 32 + 512 * 32 + 32 * i, 32);
    }
  }

  byte[] pair(PartyId self, PartyId peer) {
    var pair = pairs.get(List.of(self, peer));
    if (pair == null) {
      throw new AssertionError(self + " has no pair with " + peer);
    }
    return pair;
  }

  /** The shares of a party, ascending by point. */
  byte[] shares(PartyId party) {
    return Model.concat(
        committee.pointsOf(party).stream()
            .map(point -> Model.scalar(share(point)))
            .toArray(byte[][]::new));
  }

  BigInteger share(EvaluationPoint point) {
    var sum = BigInteger.ZERO;
    for (int m = polynomial.length - 1; m >= 0; m--) {
      sum = sum.multiply(BigInteger.valueOf(point.x())).add(polynomial[m]).mod(Model.Q);
    }
    return sum;
  }

  SessionContext context(List<PartyId> signers, long seed) {
    return context(Protocol.ECDSA_SIGN, signers, List.of(), seed);
  }

  SessionContext context(Protocol protocol, List<PartyId> signers, List<Long> path, long seed) {
    return context(protocol, signers, path, seed, List.of());
  }

  /** Of a session that uses that presignature. */
  SessionContext online(List<PartyId> signers, Octets presignature, long seed) {
    return context(Protocol.ECDSA_ONLINE, signers, List.of(), seed, List.of(presignature));
  }

  private SessionContext context(
      Protocol protocol,
      List<PartyId> signers,
      List<Long> path,
      long seed,
      List<Octets> presignatures) {
    var random = new Random(seed);
    return new SessionContext(
        protocol,
        Suite.DKLS23_SECP256K1,
        octets(random, 16),
        1,
        committee.threshold(),
        committee.parties().stream()
            .map(id ->
                new SessionContext.Member(
                    id, Identity.of(id).pin().digest(), committee.pointsOf(id)))
            .toList(),
        signers,
        1,
        path,
        octets(random, 32),
        Optional.empty(),
        io.sharekeep.threshold.keygen.TestParty.NOW + 300,
        octets(random, 32),
        octets(random, 32),
        0,
        0,
        presignatures);
  }

  private static Octets octets(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }
}
