package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @Test
  void taprootAddressesAreThoseOfBip341AndBip86() {
    var all = new java.util.ArrayList<>(Vectors.series("bip341.address"));
    all.addAll(Vectors.series("bip86.address"));
    assertEquals(10, all.size());
    for (var pair : all) {
      var parts = pair.split(":", 2);
      assertEquals(parts[1], Addresses.taproot(Bytes.ofHex(parts[0]).toArray(), ChainId.BITCOIN));
    }
  }

  /** BIP-173 and BIP-350 list the first four; the last two are the genesis and BIP-16's forms. */
  @ParameterizedTest
  @CsvSource({
    "MAINNET, 0014751e76e8199196d454941c45d1b3a323f1433bd6,"
        + " bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "TESTNET3, 00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262,"
        + " tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
    "TESTNET3, 5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433,"
        + " tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
    "MAINNET, 512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,"
        + " bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "MAINNET, 76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac,"
        + " 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "MAINNET, a914b472a266d0bd89c13706a4132ccfb16f7c3b9fcb87,"
        + " 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
  })
  void scriptsHaveTheAddressThatWalletsShow(BitcoinNetwork network, String script, String address) {
    assertEquals(
        address, OutputScript.of(Bytes.ofHex(script).toArray()).orElseThrow().address(network));
  }

  @Test
  void eachNetworkHasItsOwnPrefix() {
    var key = new byte[32];
    assertEquals("bcrt1p", Addresses.taproot(key, ChainId.BITCOIN_REGTEST).substring(0, 6));
    assertEquals("tb1p", Addresses.taproot(key, ChainId.BITCOIN_SIGNET).substring(0, 4));
    assertThrows(IllegalArgumentException.class, () -> Addresses.taproot(key, ChainId.SOLANA));
  }

  @Test
  void theSystemProgramIsAllOnes() {
    assertEquals("1".repeat(32), Addresses.solana(new byte[32]));
  }

  @Test
  void aKeyOfAnotherLengthHasNoAddress() {
    assertThrows(IllegalArgumentException.class, () -> Addresses.solana(new byte[31]));
    assertThrows(
        IllegalArgumentException.class, () -> Addresses.taproot(new byte[33], ChainId.BITCOIN));
  }
}
