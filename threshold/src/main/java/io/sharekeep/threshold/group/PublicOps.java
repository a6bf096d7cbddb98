package io.sharekeep.threshold.group;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Variable-time operations: nothing that goes in here may be secret. Where the identity can come
 * out the answer is empty, so that no caller forgets it.
 */
public interface PublicOps {
  /**
   * Empty for a wrong length, a non-canonical field element, a point off the curve or outside the
   * prime-order subgroup, and the identity.
   */
  Optional<Element> decode(byte[] encoding);

  /** Empty for a wrong length or a value ≥ q. Zero decodes. */
  Optional<PublicScalar> decodeScalar(byte[] encoding);

  /** From an integer 0..2^63-1. */
  PublicScalar scalar(long value);

  /** 64 bytes, big-endian for secp256k1 and little-endian for Ed25519, reduced mod q. */
  PublicScalar reduce(byte[] wide);

  PublicScalar add(PublicScalar a, PublicScalar b);

  PublicScalar subtract(PublicScalar a, PublicScalar b);

  PublicScalar multiply(PublicScalar a, PublicScalar b);

  PublicScalar negate(PublicScalar a);

  /**
   * @throws ArithmeticException for zero
   */
  PublicScalar invert(PublicScalar a);

  Element generator();

  Element negate(Element p);

  /** Empty when the sum is the identity. */
  Optional<Element> add(Element p, Element r);

  /** Empty for k = 0. */
  Optional<Element> multiply(PublicScalar k, Element p);

  /** k·G; empty for k = 0. */
  Optional<Element> multiplyBase(PublicScalar k);

  /**
   * Σ k_i·P_i, the work horse of verification: one pass over all terms.
   *
   * @return empty when the sum is the identity
   * @throws IllegalArgumentException when the lists differ in length
   */
  Optional<Element> linearCombination(List<PublicScalar> scalars, List<Element> elements);

  /**
   * Whether s·G − c·P is the element that {@code encoding} encodes: Schnorr's equation. Nothing
   * else is, the identity and points outside the prime-order subgroup included.
   */
  default boolean isDifference(PublicScalar s, PublicScalar c, Element p, byte[] encoding) {
    return linearCombination(List.of(s, negate(c)), List.of(generator(), p))
        .map(element -> Arrays.equals(element.raw(), encoding))
        .orElse(false);
  }
}
