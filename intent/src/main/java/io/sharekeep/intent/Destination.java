package io.sharekeep.intent;

/**
 * Who receives, in the chain's one canonical spelling of an address.
 *
 * @param address as wallets of that chain show it
 */
public record Destination(ChainId chain, String address) {
  @Override
  public String toString() {
    return chain + ":" + address;
  }
}
