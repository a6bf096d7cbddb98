package io.sharekeep.threshold.ecdsa;

import io.sharekeep.threshold.wire.FixedFields;
import java.lang.foreign.MemorySegment;

/** The rounds of a signature, and the form of their messages (protocols.md, annex A). */
final class Rounds {
  static final int COMMIT = 1;
  static final int EXTEND = 2;
  static final int MULTIPLY = 3;
  static final int SIGN = 4;

  /** Where no message is known yet, round 4 says what came out. */
  static final int CERTIFY = 4;

  /** The rounds of a session that uses a presignature. */
  static final int OPEN = 1;

  static final int COMPLETE = 2;

  /** Which of a session's multiplications: a session makes one. */
  static final int BATCH = 0;

  private static final int POINT = 33;
  private static final int SCALAR = 32;

  /** Round 2: u, x̃, t̃. */
  static final FixedFields EXTENSION =
      new FixedFields((int) OtExtension.U, (int) OtExtension.X_CHECK, (int) OtExtension.T_CHECK);

  /** Round 3: blind, R, E, pk, Γ^u, Γ^v, ψ, ã, η, μ. */
  static final FixedFields PRODUCT =
      new FixedFields(
          SCALAR,
          POINT,
          SCALAR,
          POINT,
          POINT,
          POINT,
          SCALAR,
          (int) VectorOle.CORRECTIONS,
          SCALAR,
          (int) VectorOle.CHECK);

  static final int BLIND = 0;
  static final int NONCE_POINT = 1;
  static final int ENTROPY = 2;
  static final int KEY_POINT = 3;
  static final int GAMMA_U = 4;
  static final int GAMMA_V = 5;
  static final int PSI = 6;

  /** Round 4 of a presignature: R and the digest of all that came out. */
  static final FixedFields CERTIFICATE = new FixedFields(POINT, SCALAR);

  /** The first round of a session that uses one: the presignature's session, entropy. */
  static final FixedFields OPENING = new FixedFields(SCALAR, SCALAR);

  /** Round 4, or the second of such a session: u', w. */
  static final FixedFields PARTIAL = new FixedFields(SCALAR, SCALAR);

  private Rounds() {}

  static OtExtension.Message extension(MemorySegment payload) {
    return new OtExtension.Message(
        EXTENSION.field(payload, 0), EXTENSION.field(payload, 1), EXTENSION.field(payload, 2));
  }

  static VectorOle.Message product(MemorySegment payload) {
    return new VectorOle.Message(
        PRODUCT.field(payload, 7), PRODUCT.field(payload, 8), PRODUCT.field(payload, 9));
  }

  /** A state was left too early: a bug in the caller, not a peer's fault. */
  static void require(boolean complete, int round) {
    if (!complete) {
      throw new IllegalStateException("round " + round + " is not complete");
    }
  }
}
