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

  @Override
  public String toString() {
    return chain + "/" + asset;
  }
}
