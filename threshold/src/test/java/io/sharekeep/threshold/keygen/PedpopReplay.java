package io.sharekeep.threshold.keygen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.TestScratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Suite;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The profile {@code pedpop-zf}: a published key generation of another implementation, replayed
 * over our polynomials, commitments, share checks and proofs. It differs from our protocol in its
 * challenge and, for Taproot, in tweaking the result.
 */
final class PedpopReplay {
  private static final int PARTIES = 3;

  private final Suite suite;
  private final Group group;
  private final Map<String, String> run;

  PedpopReplay(Suite suite, Group group, Map<String, String> run) {
    this.suite = suite;
    this.group = group;
    this.run = run;
  }

  void replay() {
    var polynomials = new ArrayList<List<Element>>();
    for (int dealer = 1; dealer <= PARTIES; dealer++) {
      polynomials.add(commitments(dealer));
      dealerIsReproduced(dealer);
      proofVerifies(dealer);
    }
    var sum = Feldman.sum(group, polynomials).orElseThrow();
    var tweak = tweak(sum.constant());
    assertEquals(Optional.of(element(run("verifying_key"))), tweak.apply(group, sum.constant()));
    for (int party = 1; party <= PARTIES; party++) {
      partyIsReproduced(party, sum, tweak);
    }
  }

  private void dealerIsReproduced(int dealer) {
    try (var scratch = new TestScratch();
        var polynomial = Polynomial.random(group, scratch, coefficients(dealer), 2)) {
      assertEquals(commitments(dealer), polynomial.commitments());
      for (int party = 1; party <= PARTIES; party++) {
        if (party != dealer) {
          try (var share = scratch.borrow(32)) {
            polynomial.evaluate(new EvaluationPoint(party), share.bytes());
            assertArrayEquals(
                run(party + ".received." + dealer), share.bytes().toArray(ValueLayout.JAVA_BYTE));
          }
        }
      }
    }
  }

  /** Randomness that the group reduces to the published coefficients, in turn. */
  private io.sharekeep.threshold.Randomness coefficients(int dealer) {
    var values = List.of(run(dealer + ".signing_key"), run(dealer + ".coefficient")).iterator();
    return out -> {
      out.fill((byte) 0);
      MemorySegment.copy(
          values.next(), 0, out, ValueLayout.JAVA_BYTE, group.id() == GroupId.ED25519 ? 0 : 32, 32);
    };
  }

  private void proofVerifies(int dealer) {
    var proof = proof(run(dealer + ".proof"));
    var statement = commitments(dealer).getFirst();

    assertTrue(proof.verifies(group, challenge(dealer), statement));
    assertFalse(proof.verifies(group, challenge(dealer + 1), statement), "bound to its dealer");
    assertFalse(
        new ProofOfPossession(
                proof.commitment(),
                group.publicOps().add(proof.response(), group.publicOps().scalar(1)))
            .verifies(group, challenge(dealer), statement));
  }

  private void partyIsReproduced(int party, Feldman sum, Tweak tweak) {
    var ops = group.publicOps();
    var point = new EvaluationPoint(party);
    try (var scratch = new TestScratch();
        var own = Polynomial.random(group, scratch, coefficients(party), 2);
        var total = scratch.borrow(32)) {
      own.evaluate(point, total.bytes());
      for (int dealer = 1; dealer <= PARTIES; dealer++) {
        if (dealer != party) {
          try (var share = scratch.holding(run(party + ".received." + dealer))) {
            assertTrue(
                new Feldman(group, commitments(dealer)).holds(scratch, point, share.bytes()));
            group.secretOps().add(total.bytes(), share.bytes(), total.bytes());
            share
                .bytes()
                .set(ValueLayout.JAVA_BYTE, 7, (byte) ~share.bytes().get(ValueLayout.JAVA_BYTE, 7));
            assertFalse(
                new Feldman(group, commitments(dealer)).holds(scratch, point, share.bytes()));
          }
        }
      }
      assertTrue(sum.holds(scratch, point, total.bytes()));
      var share = published(total);
      assertEquals(scalar(run(party + ".signing_share")), tweak.apply(group, share));
      assertEquals(
          Optional.of(element(run(party + ".verifying_share"))),
          sum.at(point).flatMap(image -> tweak.apply(group, image)));
      assertEquals(
          Optional.of(element(run(party + ".verifying_share"))),
          ops.multiplyBase(tweak.apply(group, share)));
    }
  }

  private PublicScalar published(Scratch.Slab slab) {
    return scalar(slab.bytes().toArray(ValueLayout.JAVA_BYTE));
  }

  /** x ↦ ±x + t: TapTweak with an empty root for Taproot, else nothing. */
  private record Tweak(boolean negates, PublicScalar t) {
    PublicScalar apply(Group group, PublicScalar share) {
      var ops = group.publicOps();
      return ops.add(negates ? ops.negate(share) : share, t);
    }

    Optional<Element> apply(Group group, Element image) {
      var ops = group.publicOps();
      var signed = negates ? ops.negate(image) : image;
      return t.isZero()
          ? Optional.of(signed)
          : ops.multiplyBase(t).flatMap(shift -> ops.add(signed, shift));
    }
  }

  private Tweak tweak(Element key) {
    if (suite != Suite.FROST_SECP256K1_TR) {
      return new Tweak(false, group.publicOps().scalar(0));
    }
    var tag = sha("SHA-256", "TapTweak".getBytes(StandardCharsets.US_ASCII));
    var x = Arrays.copyOfRange(key.encoded(), 1, 33);
    return new Tweak(key.hasOddY(), scalar(sha("SHA-256", tag, tag, x)));
  }

  /** HDKG(id ‖ A_0 ‖ R). */
  private ProofOfPossession.Challenge challenge(int dealer) {
    var id = group.publicOps().scalar(dealer).encoded();
    return (statement, commitment) -> hashToScalar(id, statement.encoded(), commitment.toArray());
  }

  private PublicScalar hashToScalar(byte[]... message) {
    return switch (suite) {
      case FROST_ED25519 ->
          group
              .publicOps()
              .reduce(sha("SHA-512", joined(ascii("FROST-ED25519-SHA512-v1dkg"), message)));
      case FROST_SECP256K1 -> expanded(ascii("FROST-secp256k1-SHA256-v1dkg"), message);
      case FROST_SECP256K1_TR -> expanded(ascii("FROST-secp256k1-SHA256-TR-v1dkg"), message);
      case DKLS23_SECP256K1 -> throw new IllegalStateException("no vectors are published");
    };
  }

  /** RFC 9380 section 5.3.1 with SHA-256 to 48 bytes, then mod q. */
  private PublicScalar expanded(byte[] dst, byte[]... message) {
    var suffix = Arrays.copyOf(dst, dst.length + 1);
    suffix[dst.length] = (byte) dst.length;
    var b0 =
        sha("SHA-256", new byte[64], joined(new byte[0], message), new byte[] {0, 48, 0}, suffix);
    var b1 = sha("SHA-256", b0, new byte[] {1}, suffix);
    var mixed = new byte[32];
    for (int i = 0; i < 32; i++) {
      mixed[i] = (byte) (b0[i] ^ b1[i]);
    }
    var b2 = sha("SHA-256", mixed, new byte[] {2}, suffix);
    var wide = new byte[64];
    System.arraycopy(b1, 0, wide, 16, 32);
    System.arraycopy(b2, 0, wide, 48, 16);
    return group.publicOps().reduce(wide);
  }

  private ProofOfPossession proof(byte[] published) {
    int length = published.length - 32;
    var commitment = Arrays.copyOf(published, length);
    if (suite == Suite.FROST_SECP256K1_TR) {
      commitment = joined(new byte[] {2}, commitment); // x alone: y is even
    }
    return new ProofOfPossession(
        Octets.of(commitment), scalar(Arrays.copyOfRange(published, length, published.length)));
  }

  private List<Element> commitments(int dealer) {
    return List.of(element(run(dealer + ".commitment.0")), element(run(dealer + ".commitment.1")));
  }

  private Element element(byte[] encoding) {
    return group.publicOps().decode(encoding).orElseThrow();
  }

  private PublicScalar scalar(byte[] encoding) {
    return group.publicOps().decodeScalar(encoding).orElseThrow();
  }

  private byte[] run(String name) {
    return HexFormat.of().parseHex(run.getOrDefault(name, "missing: " + name));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] joined(byte[] first, byte[]... rest) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(first);
    for (var part : rest) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] sha(String algorithm, byte[]... parts) {
    try {
      return MessageDigest.getInstance(algorithm).digest(joined(new byte[0], parts));
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
