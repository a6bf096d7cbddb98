package io.sharekeep.intent;

import java.util.ArrayList;
import java.util.List;

/** Writes all lines of the corpus. */
final class CorpusLines {
  /** Of BIP-143's native P2WPKH example. */
  static final Bytes WITNESS_KEY =
      Bytes.ofHex("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357");

  /** With the chain code of BIP-328. */
  static final ExtendedKey GROUP =
      new ExtendedKey(
          WITNESS_KEY,
          Bytes.ofHex("868087ca02a6f974c4598924c36b57762d32cb45717167e300622c7167e38965"));

  private final CorpusLine.View view;
  private final List<CorpusLine> lines;

  CorpusLines(CorpusLine.View view, List<CorpusLine> lines) {
    this.view = view;
    this.lines = lines;
  }

  static List<CorpusLine> all() {
    var lines = new ArrayList<CorpusLine>();
    EvmCorpus.write(lines);
    BitcoinCorpus.write(lines);
    SolanaCorpus.write(lines);
    return lines;
  }

  void line(String expected, String name, String hex) {
    lines.add(new CorpusLine(view, expected, name, hex));
  }
}
