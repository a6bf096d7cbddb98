package io.sharekeep.committee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The published transactions of {@code examples/}, made to spend from a key of ours: the bytes that
 * name the original owner are replaced, and nothing else.
 */
public final class ExampleTransactions {
  /** Owner of the Solana example: the Ed25519 key of the seed 08…08. */
  static final String SOLANA_PAYER =
      "1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca";

  /** Internal and output key of BIP-371's input. */
  static final String BITCOIN_INTERNAL =
      "fe349064c98d6e2a853fa3c9b12bd8b304a19c195c60efa7ee2393046d3fa232";

  static final String BITCOIN_OUTPUT =
      "5a2c2cf5b52cf31f83ad2e8da63ff03183ecd8f609c7510ae8a48e03910a0757";

  private final Path folder;

  public ExampleTransactions(Path folder) {
    this.folder = folder;
  }

  /** The example for a key's purpose, paying from that key. */
  public byte[] payingFrom(Key key) {
    return key.isEcdsa()
        ? evmTransfer()
        : key.isTaproot()
            ? bitcoinTaproot(key.group(), key.onChain())
            : solanaTransfer(key.group());
  }

  /** A transfer on mainnet. */
  public byte[] evmTransfer() {
    return evm("evm-transfer.hex");
  }

  /** An EVM transaction as it stands. It does not name its sender: that is whoever signs it. */
  public byte[] evm(String name) {
    return HexFormat.of().parseHex(read(name));
  }

  /** A message that pays from {@code publicKey}, 32 bytes. */
  public byte[] solanaTransfer(byte[] publicKey) {
    return HexFormat.of().parseHex(replaced(read("solana-transfer.hex"), SOLANA_PAYER, publicKey));
  }

  /**
   * A PSBT that spends from the output key.
   *
   * @param internalKey 32 bytes, x-only
   * @param outputKey 32 bytes, x-only: the BIP-86 tweak of the internal key
   */
  public byte[] bitcoinTaproot(byte[] internalKey, byte[] outputKey) {
    var original =
        HexFormat.of().formatHex(Base64.getDecoder().decode(read("bitcoin-taproot.psbt")));
    return HexFormat.of()
        .parseHex(
            replaced(replaced(original, BITCOIN_OUTPUT, outputKey), BITCOIN_INTERNAL, internalKey));
  }

  private static String replaced(String text, String owner, byte[] key) {
    if (key.length != 32) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes, not 32");
    }
    if (!text.contains(owner)) {
      throw new IllegalStateException("the example does not hold its owner's key " + owner);
    }
    return text.replace(owner, HexFormat.of().formatHex(key));
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the example " + name + " cannot be read", e);
    }
  }
}
