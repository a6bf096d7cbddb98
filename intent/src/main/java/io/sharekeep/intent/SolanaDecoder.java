package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ACCOUNT_RIGHTS;
import static io.sharekeep.intent.RefusalCode.CHAIN_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.FIELD_MISSING;
import static io.sharekeep.intent.RefusalCode.FIELD_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.FOREIGN_SIGNER;
import static io.sharekeep.intent.RefusalCode.INSTRUCTION_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.NOT_OURS;
import static io.sharekeep.intent.RefusalCode.PROGRAM_UNKNOWN;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Purpose {@code sol.tx}: legacy messages in which our key pays the fee, is the only signer, and
 * transfers lamports by the System program. Ed25519 signs the message itself.
 */
final class SolanaDecoder {
  /** The System program's address is 32 zero bytes. */
  private static final Bytes SYSTEM_PROGRAM = Bytes.of(new byte[32]);

  /** SystemInstruction::Transfer, then the lamports: u32 and u64, least significant byte first. */
  private static final long TRANSFER = 2;

  /** What the chain takes for each signature, in lamports. */
  private static final BigInteger FEE_PER_SIGNATURE = BigInteger.valueOf(5000);

  private static final int PAYER = 0;

  /** Offset of the first account: behind three counts and one length byte. */
  private static final int FIRST_ACCOUNT = 4;

  private SolanaDecoder() {}

  static Intent decode(byte[] payload, View view) {
    var chain = view.chain().orElse(ChainId.SOLANA);
    if (!chain.namespace().equals("solana")) {
      throw new Refusal(CHAIN_UNKNOWN, 0, "the key's chain is not a Solana cluster");
    }
    var message = SolanaMessage.parse(payload);
    // Who looks without a key looks from the fee payer's side: it must sign.
    var account = view.account().orElseGet(() -> new Account(chain, message.accounts().get(PAYER)));
    if (!message.accounts().get(PAYER).equals(account.key())) {
      throw new Refusal(NOT_OURS, FIRST_ACCOUNT, "the fee payer is not our key");
    }
    if (message.signers() != 1) {
      throw new Refusal(FOREIGN_SIGNER, 0, "our key must be the only signer");
    }
    if (message.instructions().isEmpty()) {
      throw new Refusal(FIELD_MISSING, payload.length - 1, "a message without instructions");
    }
    var used = new boolean[message.accounts().size()];
    used[PAYER] = true;
    var transfers = new ArrayList<Transfer>();
    for (var instruction : message.instructions()) {
      transfers.add(transfer(message, instruction, chain));
      used[instruction.program()] = true;
      instruction.accounts().forEach(index -> used[index] = true);
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        throw new Refusal(
            FIELD_UNKNOWN, FIRST_ACCOUNT + 32 * i, "an account that no instruction uses");
      }
    }
    var warnings = new ArrayList<>(List.of(Warning.EXPIRES_SOON));
    var self = new Destination(chain, Addresses.solana(account.key().toArray()));
    if (transfers.stream().allMatch(transfer -> transfer.destination().equals(self))) {
      warnings.add(Warning.PAYS_ONLY_SELF);
    }
    return new Intent(
        chain,
        Kind.TRANSFER,
        transfers,
        List.of(),
        List.of(),
        new Fee(AssetId.solana(chain), FEE_PER_SIGNATURE),
        new Validity.RecentBlockhash(message.blockhash()),
        List.of(
            new SigningInput(
                0, SigningInput.Scheme.ED25519, "m", SigningInput.Tweak.NONE, Bytes.of(payload))),
        warnings);
  }

  private static Transfer transfer(
      SolanaMessage message, SolanaMessage.Instruction instruction, ChainId chain) {
    int at = instruction.offset();
    if (!message.accounts().get(instruction.program()).equals(SYSTEM_PROGRAM)) {
      throw new Refusal(PROGRAM_UNKNOWN, at, "only the System program is known");
    }
    if (message.isWritable(instruction.program())) {
      throw new Refusal(ACCOUNT_RIGHTS, at, "a program must be read-only");
    }
    var data = new PayloadReader(instruction.data().toArray());
    if (data.remaining() != 12 || data.u32("the operation") != TRANSFER) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "of the System program only Transfer is known");
    }
    if (instruction.accounts().size() != 2) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "Transfer takes two accounts");
    }
    if (instruction.accounts().getFirst() != PAYER) {
      throw new Refusal(NOT_OURS, at, "the transfer is not from our key");
    }
    int to = instruction.accounts().getLast();
    if (!message.isWritable(to)) {
      throw new Refusal(ACCOUNT_RIGHTS, at, "the destination must be writable");
    }
    return new Transfer(
        AssetId.solana(chain),
        new Destination(chain, Addresses.solana(message.accounts().get(to).toArray())),
        lamports(data, at));
  }

  private static BigInteger lamports(PayloadReader data, int at) {
    try {
      return BigInteger.valueOf(data.u64("the lamports"));
    } catch (Refusal refusal) {
      // Its offset counts from the instruction's data; the caller's counts from the payload.
      throw new Refusal(refusal.code(), at, refusal.detail());
    }
  }

  /** The wire form: a compact count of signatures, the signatures, the message. */
  static SignedTransaction assemble(byte[] payload, List<byte[]> signatures) {
    var out = new ByteArrayOutputStream();
    SolanaMessage.writeCompactU16(out, signatures.size());
    signatures.forEach(out::writeBytes);
    out.writeBytes(payload);
    return new SignedTransaction(Bytes.of(out.toByteArray()), Base58.encode(signatures.getFirst()));
  }
}
