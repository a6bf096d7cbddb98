package io.sharekeep.intent;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Writes Solana messages, so that a test can write a wrong one. */
final class SolanaText {
  static final Bytes PAYER = filled(0x21);
  static final Bytes OWNER = filled(0x42);
  static final Bytes MINT =
      Bytes.of(Base58.decode("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v").orElseThrow());
  static final Account ACCOUNT = new Account(ChainId.SOLANA, PAYER);

  boolean versioned;
  int lookupTables;
  int signers = 1;
  int readOnlySigners;

  private final List<Bytes> writable = new ArrayList<>();
  private final List<Bytes> readOnly = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  private record Step(Bytes program, String data, List<Bytes> accounts) {}

  static Bytes filled(int with) {
    return Bytes.ofHex("%02x".formatted(with).repeat(32));
  }

  /** Accounts that the steps may write, after the payer. */
  SolanaText writes(Bytes... accounts) {
    writable.addAll(List.of(accounts));
    return this;
  }

  SolanaText step(Bytes program, String data, Bytes... accounts) {
    steps.add(new Step(program, data, List.of(accounts)));
    return this;
  }

  /** Lamports to somebody. */
  static SolanaText transfer(Bytes to, long lamports) {
    return new SolanaText().writes(to).lamports(PAYER, to, lamports);
  }

  SolanaText lamports(Bytes from, Bytes to, long lamports) {
    return step(SolanaAddress.SYSTEM, "02000000" + u64(lamports), from, to);
  }

  /** TransferChecked from our account to an owner's, with or without its creation. */
  static SolanaText tokens(Bytes owner, boolean created) {
    var source = SolanaAddress.associatedToken(PAYER, MINT);
    var target = SolanaAddress.associatedToken(owner, MINT);
    var text = new SolanaText().writes(source, target);
    if (created) {
      text.create(owner, target);
    }
    return text.step(
        SolanaAddress.TOKEN, "0c" + u64(5_000_000) + "06", source, MINT, target, PAYER);
  }

  SolanaText create(Bytes owner, Bytes target) {
    return step(
        SolanaAddress.ASSOCIATED_TOKEN,
        "01",
        PAYER,
        target,
        owner,
        MINT,
        SolanaAddress.SYSTEM,
        SolanaAddress.TOKEN);
  }

  static String u64(long value) {
    return Bytes.of(new BitcoinWriter().u64(value).toArray()).hex();
  }

  String write() {
    for (var step : steps) {
      for (var account : step.accounts()) {
        readOnly(account);
      }
      readOnly(step.program());
    }
    var accounts = new ArrayList<Bytes>();
    accounts.add(PAYER);
    accounts.addAll(writable);
    accounts.addAll(readOnly);
    var out = new ByteArrayOutputStream();
    if (versioned) {
      out.write(0x80);
    }
    out.write(signers);
    out.write(readOnlySigners);
    out.write(readOnly.size());
    SolanaMessage.writeCompactU16(out, accounts.size());
    accounts.forEach(account -> out.writeBytes(account.toArray()));
    out.writeBytes(filled(3).toArray());
    SolanaMessage.writeCompactU16(out, steps.size());
    for (var step : steps) {
      out.write(accounts.indexOf(step.program()));
      SolanaMessage.writeCompactU16(out, step.accounts().size());
      step.accounts().forEach(account -> out.write(accounts.indexOf(account)));
      var data = Bytes.ofHex(step.data());
      SolanaMessage.writeCompactU16(out, data.length());
      out.writeBytes(data.toArray());
    }
    if (versioned) {
      SolanaMessage.writeCompactU16(out, lookupTables);
      for (int i = 0; i < lookupTables; i++) {
        out.writeBytes(filled(0x77).toArray());
        out.writeBytes(new byte[] {1, 0, 0});
      }
    }
    return Bytes.of(out.toByteArray()).hex();
  }

  private void readOnly(Bytes account) {
    if (!account.equals(PAYER) && !writable.contains(account) && !readOnly.contains(account)) {
      readOnly.add(account);
    }
  }
}
