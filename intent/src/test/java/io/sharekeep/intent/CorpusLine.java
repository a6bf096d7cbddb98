package io.sharekeep.intent;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction of the corpus.
 *
 * @param expected a kind's label, or {@code !} and a refusal's
 */
record CorpusLine(View view, String expected, String name, String hex) {
  /** From whose view a line is read. */
  enum View {
    EVM,
    /** With all that is off by default. */
    EVM_ALL,
    TAPROOT,
    P2WPKH,
    /** With keys that derive from the group key. */
    DERIVED,
    SOLANA,
    /** A key of another family. */
    FOREIGN;

    private Account account() {
      return switch (this) {
        case EVM, EVM_ALL -> EvmText.ACCOUNT;
        case TAPROOT, FOREIGN -> new Account(ChainId.BITCOIN, PsbtText.OURS);
        case P2WPKH -> new Account(ChainId.BITCOIN, CorpusLines.WITNESS_KEY);
        case DERIVED ->
            new Account(ChainId.BITCOIN, CorpusLines.WITNESS_KEY, Optional.of(CorpusLines.GROUP));
        case SOLANA -> SolanaText.ACCOUNT;
      };
    }

    private Purpose purpose() {
      return switch (this) {
        case EVM, EVM_ALL -> Purpose.EVM_TX;
        case TAPROOT, P2WPKH, DERIVED -> Purpose.BTC_TX;
        case SOLANA, FOREIGN -> Purpose.SOL_TX;
      };
    }

    Decoding decode(byte[] payload) {
      return Decoders.decode(purpose(), payload, account(), terms());
    }

    Decoding inspect(byte[] payload) {
      return Decoders.inspect(purpose(), payload, Optional.of(account().chain()), terms());
    }

    private Terms terms() {
      return this == EVM_ALL ? new Terms(EnumSet.allOf(OptIn.class), Set.of()) : Terms.NONE;
    }
  }

  static CorpusLine parse(String line) {
    var parts = line.split("\\|", -1);
    return new CorpusLine(View.valueOf(parts[0]), parts[1], parts[2], parts[3]);
  }

  String write() {
    return view + "|" + expected + "|" + name + "|" + hex;
  }

  @Override
  public String toString() {
    return view + ", " + name + ": " + expected;
  }
}
