package io.sharekeep.intent;

/**
 * Our side of a transaction.
 *
 * @param chain the network that the key's record names
 * @param key 32 bytes. Solana: the Ed25519 group key. Bitcoin: the x-only Taproot <em>output</em>
 *     key, which the caller has tweaked (BIP-86) and trusts
 */
public record Account(ChainId chain, Bytes key) {
  public Account {
    if (key.length() != 32) {
      throw new IllegalArgumentException("a key of " + key.length() + " bytes, not 32");
    }
  }
}
