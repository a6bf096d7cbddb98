package io.sharekeep.intent;

/**
 * An asset under its CAIP-19 name.
 *
 * @param chain where it lives
 * @param asset {@code namespace:reference}; native coins by their SLIP-44 number
 */
public record AssetId(ChainId chain, String asset) {
  /** Bitcoin's coin, counted in satoshis. */
  public static AssetId bitcoin(ChainId chain) {
    return new AssetId(chain, "slip44:0");
  }

  /** Solana's coin, counted in lamports. */
  public static AssetId solana(ChainId chain) {
    return new AssetId(chain, "slip44:501");
  }

  /**
   * The native coin of an EVM chain, counted in wei. It has ether's number on every such chain: the
   * chain's id tells the coins apart, and a registry of their numbers could only be wrong.
   */
  public static AssetId ether(ChainId chain) {
    return new AssetId(chain, "slip44:60");
  }

  /** The tokens of a contract. */
  public static AssetId erc20(Destination contract) {
    return new AssetId(contract.chain(), "erc20:" + contract.address());
  }

  /** The SPL token of a mint. */
  public static AssetId spl(Destination mint) {
    return new AssetId(mint.chain(), "token:" + mint.address());
  }

  @Override
  public String toString() {
    return chain + "/" + asset;
  }
}
