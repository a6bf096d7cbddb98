package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Non-hardened derivation from a key and its chain code (protocols.md, section 5.9): BIP-32 on
 * secp256k1, and on Ed25519 our own {@code ed25519-add-v1}, since most of what BIP-32 would add is
 * no scalar there. All of it is public: who holds shares adds the offset to them.
 *
 * @param key the derived key, PK + τ·G
 * @param chainCode 32 bytes: of the derived key
 * @param offset τ, the sum of the steps; zero for the empty path
 */
public record Derivation(Element key, Octets chainCode, PublicScalar offset) {
  /** Steps that a path may have. */
  public static final int MAX_DEPTH = SessionContext.MAX_DEPTH;

  private static final String HMAC = "HmacSHA512";

  /** What is wrong with a path, in words for its owner; empty if nothing is. */
  public static Optional<String> defect(List<Long> path) {
    if (path.size() > MAX_DEPTH) {
      return Optional.of("a path has at most " + MAX_DEPTH + " steps, not " + path.size());
    }
    return path.stream().anyMatch(step -> step < 0 || step > Integer.MAX_VALUE)
        ? Optional.of("a step is 0 to 2147483647: a threshold key has no hardened children")
        : Optional.empty();
  }

  /**
   * Derives along a path.
   *
   * @param chainCode 32 bytes, as key generation left it
   * @return empty if a step gives no key, with a chance of 2^-127: take the next index
   * @throws IllegalArgumentException when the path has a {@linkplain #defect defect}
   */
  public static Optional<Derivation> of(
      Group group, Element publicKey, Octets chainCode, List<Long> path) {
    defect(path)
        .ifPresent(defect -> {
          throw new IllegalArgumentException(defect);
        });
    var derived = Optional.of(new Derivation(publicKey, chainCode, group.publicOps().scalar(0)));
    for (long index : path) {
      derived = derived.flatMap(parent -> parent.child(group, index));
    }
    return derived;
  }

  private Optional<Derivation> child(Group group, long index) {
    return switch (group.id()) {
      case SECP256K1 -> bip32(group, index);
      case ED25519 ->
          shifted(
              group,
              step(Tag.ED25519_OFFSET, index).scalar(GroupId.ED25519, group.publicOps()),
              step(Tag.ED25519_CHAIN_CODE, index).digest());
    };
  }

  /** BIP-32, "Public parent key → public child key". */
  private Optional<Derivation> bip32(Group group, long index) {
    var i =
        hmac(
            chainCode.toArray(),
            ByteBuffer.allocate(37).put(key.encoded()).putInt((int) index).array());
    return group
        .publicOps()
        .decodeScalar(Arrays.copyOf(i, 32))
        .flatMap(step -> shifted(group, step, Octets.of(Arrays.copyOfRange(i, 32, 64))));
  }

  private TaggedHash step(Tag tag, long index) {
    return TaggedHash.of(tag).octets(chainCode).element(key).integer(index);
  }

  private Optional<Derivation> shifted(Group group, PublicScalar step, Octets childChainCode) {
    var ops = group.publicOps();
    return ops.multiplyBase(step)
        .flatMap(shift -> ops.add(key, shift))
        .map(child -> new Derivation(child, childChainCode, ops.add(offset, step)));
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has " + HMAC, impossible);
    }
  }
}
