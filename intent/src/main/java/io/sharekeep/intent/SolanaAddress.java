package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;

/** Addresses of programs that we know, and those that derive from others. */
final class SolanaAddress {
  static final Bytes SYSTEM = known("11111111111111111111111111111111");
  static final Bytes COMPUTE_BUDGET = known("ComputeBudget111111111111111111111111111111");
  static final Bytes MEMO = known("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");
  static final Bytes TOKEN = known("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
  static final Bytes TOKEN_2022 = known("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
  static final Bytes ASSOCIATED_TOKEN = known("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
  static final Bytes RECENT_BLOCKHASHES = known("SysvarRecentB1ockHashes11111111111111111111");

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The curve's d, -121665/121666. */
  private static final BigInteger D =
      BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);

  private static final byte[] MARKER = "ProgramDerivedAddress".getBytes(US_ASCII);

  private SolanaAddress() {}

  /** The one token account of an owner and a mint that everybody can find. */
  static Bytes associatedToken(Bytes owner, Bytes mint) {
    for (int bump = 255; bump >= 0; bump--) {
      var candidate =
          Hash.sha256(
              owner.toArray(),
              TOKEN.toArray(),
              mint.toArray(),
              new byte[] {(byte) bump},
              ASSOCIATED_TOKEN.toArray(),
              MARKER);
      if (!isOnCurve(candidate)) {
        return Bytes.of(candidate);
      }
    }
    throw new IllegalStateException("256 hashes in a row are points, with a chance of 2^-256");
  }

  /**
   * Whether 32 bytes are a point as Solana decompresses it: y modulo p, the sign of x left aside. A
   * derived address is none, so that no key can sign for it.
   */
  static boolean isOnCurve(byte[] bytes) {
    var reversed = new byte[32];
    for (int i = 0; i < 32; i++) {
      reversed[i] = bytes[31 - i];
    }
    reversed[0] &= 0x7f;
    var y = new BigInteger(1, reversed).mod(P);
    var square = y.multiply(y).mod(P);
    var numerator = square.subtract(BigInteger.ONE);
    var denominator = D.multiply(square).add(BigInteger.ONE).mod(P); // never 0: -1/d is no square
    var xx = numerator.multiply(denominator.modInverse(P)).mod(P);
    return xx.signum() == 0
        || xx.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE);
  }

  private static Bytes known(String address) {
    return Bytes.of(Base58.decode(address).orElseThrow());
  }
}
