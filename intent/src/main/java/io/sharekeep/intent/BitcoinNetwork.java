package io.sharekeep.intent;

import java.util.Arrays;
import java.util.Optional;

/** How addresses look on each Bitcoin chain. */
enum BitcoinNetwork {
  MAINNET(ChainId.BITCOIN, "bc", 0x00, 0x05),
  TESTNET3(ChainId.BITCOIN_TESTNET3, "tb", 0x6f, 0xc4),
  SIGNET(ChainId.BITCOIN_SIGNET, "tb", 0x6f, 0xc4),
  REGTEST(ChainId.BITCOIN_REGTEST, "bcrt", 0x6f, 0xc4);

  private final String chain;
  private final String prefix;
  private final int keyHashVersion;
  private final int scriptHashVersion;

  BitcoinNetwork(ChainId chain, String prefix, int keyHashVersion, int scriptHashVersion) {
    this.chain = chain.name();
    this.prefix = prefix;
    this.keyHashVersion = keyHashVersion;
    this.scriptHashVersion = scriptHashVersion;
  }

  static Optional<BitcoinNetwork> of(ChainId chain) {
    return Arrays.stream(values())
        .filter(network -> network.chain.equals(chain.name()))
        .findFirst();
  }

  String prefix() {
    return prefix;
  }

  int keyHashVersion() {
    return keyHashVersion;
  }

  int scriptHashVersion() {
    return scriptHashVersion;
  }
}
