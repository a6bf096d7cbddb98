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

  /**
   * The BIP-84 address of a public key: version 0, by its hash.
   *
   * @param publicKey 33 bytes, compressed
   * @param chain a Bitcoin chain
   */
  public static String p2wpkh(byte[] publicKey, ChainId chain) {
    var key = point(publicKey);
    return BitcoinNetwork.of(chain)
        .map(network -> Bech32.witnessAddress(network.prefix(), 0, Hash.hash160(key).toArray()))
        .orElseThrow(() -> new IllegalArgumentException(chain + " is not a Bitcoin chain"));
  }

  /**
   * The address on every EVM chain, in the mixed case of EIP-55.
   *
   * @param publicKey 33 bytes, compressed
   */
  public static String evm(byte[] publicKey) {
    return EvmAddress.of(EvmAddress.ofKey(point(publicKey)));
  }

  private static Bytes point(byte[] publicKey) {
    var key = Bytes.of(publicKey);
    if (Secp256k1.Point.decode(key).isEmpty()) {
      throw new IllegalArgumentException("no compressed point of secp256k1");
    }
    return key;
  }

  private static void require32(byte[] key) {
    if (key.length != 32) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes, not 32");
    }
  }
}
