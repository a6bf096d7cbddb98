package io.sharekeep.intent;

import java.util.regex.Pattern;

/**
 * A chain under its CAIP-2 name. Bitcoin's and Solana's payloads name no network, so the chain is a
 * fact of the key, never of the caller. EVM payloads do, and it must be the key's.
 *
 * @param name {@code namespace:reference}
 */
public record ChainId(String name) {
  private static final Pattern CAIP_2 = Pattern.compile("[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}");

  // bip122 references are the first 32 hex digits of the genesis block's hash.
  public static final ChainId BITCOIN = new ChainId("bip122:000000000019d6689c085ae165831e93");
  public static final ChainId BITCOIN_TESTNET3 =
      new ChainId("bip122:000000000933ea01ad0ee984209779ba");
  public static final ChainId BITCOIN_SIGNET =
      new ChainId("bip122:00000008819873e925422c1ff0f99f7c");
  public static final ChainId BITCOIN_REGTEST =
      new ChainId("bip122:0f9188f13cb7b2c71f2a335e3a4fc328");

  // solana references are the first 32 characters of the genesis hash in base58.
  public static final ChainId SOLANA = new ChainId("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp");
  public static final ChainId SOLANA_DEVNET =
      new ChainId("solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1");
  public static final ChainId SOLANA_TESTNET =
      new ChainId("solana:4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z");

  public static final ChainId ETHEREUM = new ChainId("eip155:1");
  public static final ChainId ETHEREUM_SEPOLIA = new ChainId("eip155:11155111");

  public ChainId {
    if (!CAIP_2.matcher(name).matches()) {
      throw new IllegalArgumentException("not a CAIP-2 chain id");
    }
  }

  /** {@code bip122}, {@code solana}, … */
  public String namespace() {
    return name.substring(0, name.indexOf(':'));
  }

  @Override
  public String toString() {
    return name;
  }
}
