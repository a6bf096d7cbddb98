package io.sharekeep.threshold.ecdsa;

/**
 * How much secret memory a session asks of its caller, in bytes: what it holds between rounds, and
 * what one round works with at most besides. Pair secrets and shares that the caller lends are not
 * counted.
 */
public final class Footprint {
  /** Blocks are aligned to 64. */
  private static final long SMALL = 2048;

  private static final long CHOICE = 37_056;
  private static final long OUTPUTS = 64;
  private static final long CHANNEL = 128;
  private static final long AGREEMENT = (PairAgreement.LENGTH + 63) / 64 * 64 + CHANNEL;

  private Footprint() {}

  /**
   * Of a signature, between rounds.
   *
   * @param peers the other signers
   */
  public static long signing(int peers) {
    return SMALL + peers * (CHOICE + OUTPUTS + CHANNEL);
  }

  /** Of a signature, within a round. */
  public static long signingWork(int peers) {
    long multiplication =
        VectorOle.WORK
            + VectorOle.GADGETS
            + Rounds.PRODUCT.length()
            + peers * (Rounds.EXTENSION.length() + BitMatrix.COLUMNS_LENGTH + 64);
    long finish = VectorOle.WORK + peers * (Rounds.PRODUCT.length() + 128L);
    return 2 * SMALL + Math.max(multiplication, finish);
  }

  /** Of a presignature, until it is used. */
  public static long presignature() {
    return Shares.LENGTH;
  }

  /**
   * Of key generation, between rounds; its shares come on top.
   *
   * @param peers the other parties
   */
  public static long agreement(int peers) {
    return SMALL + peers * AGREEMENT;
  }

  /** Of key generation, within a round. */
  public static long agreementWork() {
    return 160L * 1024 + PairAgreement.OFFER.length() + PairAgreement.ANSWER.length();
  }
}
