package io.sharekeep.threshold.frost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.ModelGroup;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Verifiers that share no code with what they judge. */
final class Verifiers {
  private static final ModelGroup SECP256K1 = new ModelGroup(GroupId.SECP256K1);

  private Verifiers() {}

  static boolean verifies(SigningKey key, byte[] message, byte[] signature) {
    return switch (key.suite()) {
      case ED25519 -> ed25519(key.groupKey().encoded(), message, signature);
      case SECP256K1 -> schnorr(key.groupKey(), message, signature);
      case SECP256K1_TAPROOT -> bip340(key.xOnly(), message, signature);
    };
  }

  static boolean ed25519(byte[] publicKey, byte[] message, byte[] signature) {
    var verifier = new Ed25519Signer();
    verifier.init(false, new Ed25519PublicKeyParameters(publicKey));
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  /** BIP-340, Verification, for messages of any length. */
  static boolean bip340(byte[] xOnly, byte[] message, byte[] signature) {
    var ops = SECP256K1.publicOps();
    var key = ops.decode(compressed(2, xOnly));
    var r = Arrays.copyOf(signature, 32);
    var s = ops.decodeScalar(Arrays.copyOfRange(signature, 32, 64));
    if (key.isEmpty() || s.isEmpty() || signature.length != 64) {
      return false;
    }
    var tag = sha256("BIP0340/challenge".getBytes(US_ASCII));
    var e = SECP256K1.scalar(new BigInteger(1, sha256(tag, tag, r, xOnly, message)));
    var sum =
        ops.linearCombination(List.of(s.get(), ops.negate(e)), List.of(ops.generator(), key.get()));
    return sum.isPresent() && Arrays.equals(sum.get().encoded(), compressed(2, r));
  }

  /** RFC 9591 appendix B with the challenge of the suite, which the vectors pin. */
  private static boolean schnorr(Element key, byte[] message, byte[] signature) {
    var ops = SECP256K1.publicOps();
    var r = ops.decode(Arrays.copyOf(signature, 33));
    var z = ops.decodeScalar(Arrays.copyOfRange(signature, 33, 65));
    if (r.isEmpty() || z.isEmpty()) {
      return false;
    }
    var c = FrostSuite.SECP256K1.challenge(ops, r.get(), key, message);
    var cKey = ops.multiply(c, key).orElseThrow();
    return ops.multiplyBase(z.get()).equals(ops.add(r.get(), cKey));
  }

  private static byte[] compressed(int prefix, byte[] x) {
    var out = new byte[33];
    out[0] = (byte) prefix;
    System.arraycopy(x, 0, out, 1, 32);
    return out;
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
