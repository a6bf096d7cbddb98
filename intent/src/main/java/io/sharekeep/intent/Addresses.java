package io.sharekeep.intent;

/** Addresses of public keys, as wallets show them. */
public final class Addresses {
  private Addresses() {}

  /**
   * The BIP-341 address of an output key.
   *
   * @param outputKey 32 bytes, x-only, already tweaked
   * @param chain a Bitcoin chain
   */
  public static String taproot(byte[] outputKey, ChainId chain) {
    require32(outputKey);
    return BitcoinNetwork.of(chain)
        .map(network -> Bech32.witnessAddress(network.prefix(), 1, outputKey))
        .orElseThrow(() -> new IllegalArgumentException(chain + " is not a Bitcoin chain"));
  }

  /**
   * Solana's address is the Ed25519 key in base58.
   *
   * @param publicKey 32 bytes
   */
  public static String solana(byte[] publicKey) {
    require32(publicKey);
    return Base58.encode(publicKey);
  }

  private static void require32(byte[] key) {
    if (key.length != 32) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes, not 32");
    }
  }
}
