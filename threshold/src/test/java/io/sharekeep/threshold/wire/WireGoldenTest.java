package io.sharekeep.threshold.wire;

import static io.sharekeep.threshold.wire.GoldenFile.assertGolden;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.GroupId;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireGoldenTest {
  /** A wire type: its fixed value, its bytes, its decoder. */
  record Type(String name, Object value, byte[] bytes, Function<byte[], Parsed<?>> decoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Type> types() {
    return Stream.of(
        new Type(
            "context-frost-sign",
            Samples.signingContext(),
            Samples.signingContext().encoded(),
            SessionContext::decode),
        new Type(
            "context-dkg",
            Samples.keygenContext(),
            Samples.keygenContext().encoded(),
            SessionContext::decode),
        new Type(
            "envelope-certificate",
            Samples.certificate(),
            Samples.certificate().encoded(),
            EnvelopeCertificate::decode),
        new Type(
            "envelope-broadcast",
            Samples.broadcast(),
            Samples.broadcast().encoded(),
            SignedEnvelope::decode),
        new Type(
            "envelope-with-view",
            Samples.second(),
            Samples.second().encoded(),
            SignedEnvelope::decode),
        new Type(
            "dkg-1-commitment",
            Samples.commitment(),
            Samples.commitment().encoded().toArray(),
            bytes -> DkgCommitment.decode(Octets.of(bytes))),
        opening("dkg-2-opening-ed25519", GroupId.ED25519),
        opening("dkg-2-opening-secp256k1", GroupId.SECP256K1),
        new Type(
            "dkg-3-complaints",
            Samples.complaints(),
            Samples.complaints().encoded().toArray(),
            bytes -> DkgComplaints.decode(Octets.of(bytes))),
        nonces("frost-1-nonces-ed25519", GroupId.ED25519),
        nonces("frost-1-nonces-secp256k1", GroupId.SECP256K1),
        shares("frost-2-shares-ed25519", GroupId.ED25519),
        shares("frost-2-shares-secp256k1", GroupId.SECP256K1));
  }

  private static Type opening(String name, GroupId id) {
    var ops = Samples.group(id).publicOps();
    return new Type(
        name,
        Samples.opening(id),
        Samples.opening(id).encoded().toArray(),
        bytes -> DkgOpening.decode(id, ops, Octets.of(bytes)));
  }

  private static Type nonces(String name, GroupId id) {
    var ops = Samples.group(id).publicOps();
    return new Type(
        name,
        Samples.nonces(id),
        Samples.nonces(id).encoded().toArray(),
        bytes -> FrostNonces.decode(id, ops, Octets.of(bytes)));
  }

  private static Type shares(String name, GroupId id) {
    var ops = Samples.group(id).publicOps();
    return new Type(
        name,
        Samples.shares(id),
        Samples.shares(id).encoded().toArray(),
        bytes -> FrostShares.decode(ops, Octets.of(bytes)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void itsBytesAreTheGoldenOnesAndDecodeToIt(Type type) {
    assertGolden(type.name, type.bytes);
    assertEquals(Optional.of(type.value), type.decoder.apply(type.bytes).valid());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void noPrefixOfItIsAnything(Type type) {
    int step = Math.max(1, type.bytes.length / 200);
    for (int length = 0; length < type.bytes.length; length += step) {
      var prefix = Arrays.copyOf(type.bytes, length);
      assertTrue(type.decoder.apply(prefix).valid().isEmpty(), "length " + length);
    }
    var longer = Arrays.copyOf(type.bytes, type.bytes.length + 1);
    assertTrue(type.decoder.apply(longer).valid().isEmpty());
  }

  /** Whatever a mutation decodes to, if it does, it is another value: the encoding is unique. */
  @ParameterizedTest(name = "{0}, seed 11")
  @MethodSource("types")
  void noMutationIsAnExceptionOrTheSameValue(Type type) {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 150; i++) {
      var mutated = type.bytes.clone();
      mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
      assertTrue(type.decoder.apply(mutated).valid().filter(type.value::equals).isEmpty());
    }
  }

  @Test
  void hashesAndSessionIdsAreTheGoldenOnes() {
    var commitments = new TreeMap<PartyId, DkgCommitment>();
    commitments.put(Samples.ONE, Samples.commitment());
    commitments.put(Samples.TWO, Samples.commitment());
    var envelopes = new TreeMap<PartyId, SignedEnvelope>();
    envelopes.put(Samples.ONE, Samples.broadcast());
    envelopes.put(Samples.TWO, Samples.second());

    assertGolden("hash-context", Samples.signingContext().hash().toArray());
    assertGolden("hash-certificate", Samples.certificate().hash().toArray());
    assertGolden("hash-envelope", Samples.broadcast().hash().toArray());
    assertGolden("hash-view", View.of(Samples.filled(1, 32), 2, envelopes).toArray());
    assertGolden("hash-sid", SessionId.ofRoundOne(Samples.filled(2, 32), commitments).toArray());
    assertGolden(
        "hash-sid-frost",
        SessionId.ofFrostSigning(Samples.filled(2, 32), Samples.nonces(GroupId.ED25519).entries())
            .toArray());
  }

  @Test
  void aFrostSessionIdDoesNotDependOnTheOrderOfArrival() {
    var entries = Samples.nonces(GroupId.ED25519).entries();

    assertEquals(
        SessionId.ofFrostSigning(Samples.filled(2, 32), entries),
        SessionId.ofFrostSigning(Samples.filled(2, 32), entries.reversed()));
  }
}
