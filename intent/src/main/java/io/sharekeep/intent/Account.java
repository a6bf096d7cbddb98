package io.sharekeep.intent;

import java.util.Optional;

/**
 * Our side of a transaction.
 *
 * @param chain the network that the key's record names
 * @param key what the chain knows of the key. Solana: the Ed25519 group key, 32 bytes. Bitcoin: the
 *     x-only Taproot <em>output</em> key, 32 bytes, which the caller has tweaked (BIP-86) and
 *     trusts, or for P2WPKH the public key, 33 bytes. EVM: the public key, 33 bytes
 * @param group where keys of ours derive from; empty where the group key alone is ours
 */
public record Account(ChainId chain, Bytes key, Optional<ExtendedKey> group) {
  public Account {
    int length = key.length();
    boolean fits =
        switch (chain.namespace()) {
          case "eip155" -> length == 33;
          case "bip122" -> length == 32 || length == 33;
          default -> length == 32;
        };
    if (!fits) {
      throw new IllegalArgumentException("a key of " + length + " bytes on " + chain);
    }
    if (length == 33 && Secp256k1.Point.decode(key).isEmpty()) {
      throw new IllegalArgumentException("33 bytes that are no point of the curve");
    }
  }

  /** For a key without derived ones. */
  public Account(ChainId chain, Bytes key) {
    this(chain, key, Optional.empty());
  }
}
