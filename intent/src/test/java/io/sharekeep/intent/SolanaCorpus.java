package io.sharekeep.intent;

import static io.sharekeep.intent.SolanaText.MINT;
import static io.sharekeep.intent.SolanaText.OWNER;
import static io.sharekeep.intent.SolanaText.PAYER;
import static io.sharekeep.intent.SolanaText.filled;
import static io.sharekeep.intent.SolanaText.u64;

import java.util.List;

/** Solana's part of the corpus. */
final class SolanaCorpus {
  private static final Bytes OTHER = filled(7);
  private static final Bytes SOURCE = SolanaAddress.associatedToken(PAYER, MINT);
  private static final Bytes TARGET = SolanaAddress.associatedToken(OWNER, MINT);
  private static final Bytes NONCE = filled(0x55);

  private SolanaCorpus() {}

  static void write(List<CorpusLine> lines) {
    var out = new CorpusLines(CorpusLine.View.SOLANA, lines);
    messages(out);
    system(out);
    budget(out);
    tokens(out);
    grants(out);
    new CorpusLines(CorpusLine.View.FOREIGN, lines)
        .line("!chain-unknown", "a Bitcoin key", SolanaText.transfer(OTHER, 5).write());
  }

  private static void messages(CorpusLines out) {
    var simple = SolanaText.transfer(OTHER, 5).write();
    out.line("transfer", "lamports", simple);
    out.line("!truncated", "no bytes", "");
    out.line("!truncated", "the last byte is missing", simple.substring(0, simple.length() - 2));
    out.line("!trailing-bytes", "a byte after the message", simple + "00");
    out.line(
        "!not-canonical",
        "a count written long",
        simple.substring(0, 6) + "8300" + simple.substring(8));
    out.line(
        "!not-canonical",
        "a count of four bytes",
        simple.substring(0, 6) + "83808000" + simple.substring(8));
    out.line("!not-this-format", "more signers than accounts", "09" + simple.substring(2));
    out.line("!not-this-format", "no signer", "00" + simple.substring(2));
    out.line("!not-this-format", "the only signer read-only", "0101" + simple.substring(4));
    out.line("!foreign-signer", "two signers", "02" + simple.substring(2));
    out.line(
        "!not-ours",
        "another fee payer",
        simple.substring(0, 8) + "22".repeat(32) + simple.substring(72));
    out.line("!duplicate", "an account twice", simple.replace(OTHER.hex(), PAYER.hex()));
    out.line("!too-large", "larger than a packet", simple + "00".repeat(1200));
    out.line(
        "!out-of-range",
        "a program beyond the accounts",
        simple.substring(0, simple.length() - 34) + "09" + simple.substring(simple.length() - 32));
    var v0 = SolanaText.transfer(OTHER, 5);
    v0.versioned = true;
    out.line("transfer", "version 0", v0.write());
    out.line("!trailing-bytes", "version 0 with a tail", v0.write() + "00");
    out.line("!truncated", "version 0 without its count of tables", "80" + simple);
    out.line("!version", "version 1", "81" + v0.write().substring(2));
    out.line("!version", "version 127", "ff" + v0.write().substring(2));
    var table = SolanaText.transfer(OTHER, 5);
    table.versioned = true;
    table.lookupTables = 1;
    out.line("!lookup-table", "a lookup table", table.write());
    out.line(
        "!field-unknown",
        "an account that nothing uses",
        new SolanaText().writes(OTHER, filled(8)).lamports(PAYER, OTHER, 5).write());
    out.line("!field-missing", "no instructions", new SolanaText().write());
    out.line(
        "!program-unknown",
        "an unknown program",
        new SolanaText().step(filled(0x66), "01", PAYER).write());
    out.line(
        "!program-unknown",
        "an unknown program after a transfer",
        SolanaText.transfer(OTHER, 5).step(filled(0x66), "", PAYER).write());
    out.line(
        "!account-rights",
        "a program that may be written",
        new SolanaText().writes(OTHER, SolanaAddress.SYSTEM).lamports(PAYER, OTHER, 5).write());
  }

  private static void system(CorpusLines out) {
    out.line(
        "transfer",
        "two transfers",
        new SolanaText()
            .writes(OTHER, filled(8))
            .lamports(PAYER, OTHER, 5)
            .lamports(PAYER, filled(8), 6)
            .write());
    out.line("transfer", "lamports to oneself", new SolanaText().lamports(PAYER, PAYER, 5).write());
    out.line("transfer", "no lamports", SolanaText.transfer(OTHER, 0).write());
    out.line("!out-of-range", "2^63 lamports", SolanaText.transfer(OTHER, Long.MIN_VALUE).write());
    out.line(
        "!account-rights",
        "a destination that cannot be written",
        new SolanaText().lamports(PAYER, OTHER, 5).write());
    out.line(
        "!not-ours",
        "lamports of somebody else",
        new SolanaText().writes(OTHER).lamports(OTHER, PAYER, 5).write());
    for (var data :
        List.of(
            "",
            "02",
            "0200000005",
            "02000000" + u64(5) + "00",
            "00000000" + u64(5),
            "01000000" + OTHER.hex(),
            "0b000000",
            "04000000")) {
      out.line(
          "!instruction-unknown",
          "System, data " + (data.isEmpty() ? "none" : data),
          new SolanaText().writes(OTHER).step(SolanaAddress.SYSTEM, data, PAYER, OTHER).write());
    }
    out.line(
        "!instruction-unknown",
        "a transfer with three accounts",
        new SolanaText()
            .writes(OTHER)
            .step(SolanaAddress.SYSTEM, "02000000" + u64(5), PAYER, OTHER, PAYER)
            .write());
    out.line(
        "transfer",
        "a durable nonce",
        new SolanaText()
            .writes(NONCE, OTHER)
            .step(SolanaAddress.SYSTEM, "04000000", NONCE, SolanaAddress.RECENT_BLOCKHASHES, PAYER)
            .lamports(PAYER, OTHER, 5)
            .write());
    out.line(
        "!instruction-unknown",
        "a nonce that is advanced second",
        new SolanaText()
            .writes(NONCE, OTHER)
            .lamports(PAYER, OTHER, 5)
            .step(SolanaAddress.SYSTEM, "04000000", NONCE, SolanaAddress.RECENT_BLOCKHASHES, PAYER)
            .write());
    out.line(
        "!not-ours",
        "somebody else's nonce",
        new SolanaText()
            .writes(NONCE, OTHER)
            .step(SolanaAddress.SYSTEM, "04000000", NONCE, SolanaAddress.RECENT_BLOCKHASHES, OTHER)
            .write());
    out.line(
        "!account-rights",
        "a nonce that cannot be written",
        new SolanaText()
            .writes(OTHER)
            .step(SolanaAddress.SYSTEM, "04000000", NONCE, SolanaAddress.RECENT_BLOCKHASHES, PAYER)
            .lamports(PAYER, OTHER, 5)
            .write());
    out.line(
        "transfer",
        "a memo",
        SolanaText.transfer(OTHER, 5).step(SolanaAddress.MEMO, "68656c6c6f").write());
    out.line(
        "transfer",
        "a memo that we sign",
        SolanaText.transfer(OTHER, 5).step(SolanaAddress.MEMO, "68656c6c6f", PAYER).write());
    out.line(
        "!foreign-signer",
        "a memo that others sign",
        SolanaText.transfer(OTHER, 5).step(SolanaAddress.MEMO, "68656c6c6f", OTHER).write());
  }

  private static void budget(CorpusLines out) {
    out.line("transfer", "a price and a limit", priced("02400d0300", "03" + u64(1_000)));
    out.line("transfer", "a price alone", priced("03" + u64(1_000)));
    out.line("transfer", "the highest price", priced("03" + u64(-1)));
    out.line("transfer", "a limit beyond the most", priced("02ffffffff", "03" + u64(1_000)));
    out.line("!duplicate", "two prices", priced("03" + u64(1_000), "03" + u64(9_000)));
    out.line("!duplicate", "two limits", priced("02400d0300", "02410d0300"));
    out.line("!trailing-bytes", "a price with a tail", priced("03" + u64(1_000) + "00"));
    out.line("!truncated", "a limit of three bytes", priced("02400d03"));
    out.line("!instruction-unknown", "a heap", priced("0100000100"));
    out.line(
        "!instruction-unknown",
        "a budget with accounts",
        SolanaText.transfer(OTHER, 5)
            .step(SolanaAddress.COMPUTE_BUDGET, "02400d0300", PAYER)
            .write());
  }

  private static void tokens(CorpusLines out) {
    out.line(
        "transfer",
        "tokens to an account that is made here",
        SolanaText.tokens(OWNER, true).write());
    out.line(
        "transfer",
        "tokens to ourselves",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, MINT, SOURCE, PAYER)
            .write());
    out.line(
        "!owner-unproved",
        "tokens to an account of nobody known",
        SolanaText.tokens(OWNER, false).write());
    out.line(
        "!owner-unproved",
        "tokens to another account than the one made",
        new SolanaText()
            .writes(SOURCE, TARGET, OTHER)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, MINT, OTHER, PAYER)
            .write());
    out.line(
        "!owner-unproved",
        "an account made for another owner",
        new SolanaText().writes(SOURCE, TARGET).create(OTHER, TARGET).write());
    out.line(
        "!owner-unproved",
        "tokens of another account",
        new SolanaText()
            .writes(OTHER, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", OTHER, MINT, TARGET, PAYER)
            .write());
    out.line(
        "!owner-unproved",
        "another mint than the account's",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, OTHER, TARGET, PAYER)
            .write());
    out.line(
        "!not-ours",
        "tokens under another authority",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, MINT, TARGET, OTHER)
            .write());
    out.line(
        "!instruction-unknown",
        "tokens with more signers",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, MINT, TARGET, PAYER, OTHER)
            .write());
    out.line(
        "!plain-token-transfer",
        "a plain token transfer",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .step(SolanaAddress.TOKEN, "03" + u64(5), SOURCE, TARGET, PAYER)
            .write());
    out.line(
        "!trailing-bytes",
        "TransferChecked with a tail",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "0600", SOURCE, MINT, TARGET, PAYER)
            .write());
    out.line(
        "!truncated",
        "TransferChecked without decimals",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .create(OWNER, TARGET)
            .step(SolanaAddress.TOKEN, "0c" + u64(5), SOURCE, MINT, TARGET, PAYER)
            .write());
    out.line(
        "!account-rights",
        "a token account that cannot be written",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "0c" + u64(5) + "06", SOURCE, MINT, TARGET, PAYER)
            .write());
    out.line(
        "!token-2022",
        "Token-2022",
        new SolanaText()
            .writes(SOURCE, TARGET)
            .step(SolanaAddress.TOKEN_2022, "0c" + u64(5) + "06", SOURCE, MINT, TARGET, PAYER)
            .write());
    out.line(
        "!token-2022",
        "an account of Token-2022",
        new SolanaText()
            .writes(TARGET)
            .step(
                SolanaAddress.ASSOCIATED_TOKEN,
                "01",
                PAYER,
                TARGET,
                OWNER,
                MINT,
                SolanaAddress.SYSTEM,
                SolanaAddress.TOKEN_2022)
            .write());
    out.line(
        "!instruction-unknown",
        "RecoverNested",
        new SolanaText()
            .writes(TARGET)
            .step(
                SolanaAddress.ASSOCIATED_TOKEN,
                "02",
                PAYER,
                TARGET,
                OWNER,
                MINT,
                SolanaAddress.SYSTEM,
                SolanaAddress.TOKEN)
            .write());
    out.line(
        "!not-ours",
        "an account that somebody else pays",
        new SolanaText()
            .writes(OTHER, TARGET)
            .step(
                SolanaAddress.ASSOCIATED_TOKEN,
                "01",
                OTHER,
                TARGET,
                OWNER,
                MINT,
                SolanaAddress.SYSTEM,
                SolanaAddress.TOKEN)
            .write());
    out.line(
        "transfer",
        "an account alone, made the old way",
        new SolanaText()
            .writes(TARGET)
            .step(
                SolanaAddress.ASSOCIATED_TOKEN,
                "",
                PAYER,
                TARGET,
                OWNER,
                MINT,
                SolanaAddress.SYSTEM,
                SolanaAddress.TOKEN)
            .write());
    for (int operation : new int[] {0, 1, 4, 5, 7, 8, 10, 11, 14, 15, 17, 255}) {
      out.line(
          "!instruction-unknown",
          "Token's operation " + operation,
          new SolanaText()
              .writes(SOURCE)
              .step(SolanaAddress.TOKEN, "%02x".formatted(operation) + u64(5), SOURCE, OTHER, PAYER)
              .write());
    }
  }

  private static void grants(CorpusLines out) {
    out.line(
        "grant",
        "a delegate",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "0d" + u64(5) + "06", SOURCE, MINT, OTHER, PAYER)
            .write());
    out.line(
        "grant",
        "a delegate for everything",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "0d" + u64(-1) + "06", SOURCE, MINT, OTHER, PAYER)
            .write());
    out.line(
        "grant",
        "another owner",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "060201" + OTHER.hex(), SOURCE, PAYER)
            .write());
    out.line(
        "grant",
        "no closing authority any more",
        new SolanaText().writes(SOURCE).step(SolanaAddress.TOKEN, "060300", SOURCE, PAYER).write());
    out.line(
        "!not-canonical",
        "an authority that is neither some nor none",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "060202" + OTHER.hex(), SOURCE, PAYER)
            .write());
    out.line(
        "!instruction-unknown",
        "an authority of an unknown kind",
        new SolanaText()
            .writes(SOURCE)
            .step(SolanaAddress.TOKEN, "060401" + OTHER.hex(), SOURCE, PAYER)
            .write());
    out.line(
        "grant",
        "an account that is closed",
        new SolanaText()
            .writes(SOURCE, OTHER)
            .step(SolanaAddress.TOKEN, "09", SOURCE, OTHER, PAYER)
            .write());
    out.line(
        "grant",
        "a transfer and a delegate",
        SolanaText.tokens(OWNER, true)
            .step(SolanaAddress.TOKEN, "0d" + u64(5) + "06", SOURCE, MINT, OTHER, PAYER)
            .write());
  }

  private static String priced(String... data) {
    var text = new SolanaText().writes(OTHER);
    for (var step : data) {
      text.step(SolanaAddress.COMPUTE_BUDGET, step);
    }
    return text.lamports(PAYER, OTHER, 5).write();
  }
}
