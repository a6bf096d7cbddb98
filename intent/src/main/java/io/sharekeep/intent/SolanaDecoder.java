package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ACCOUNT_RIGHTS;
import static io.sharekeep.intent.RefusalCode.CHAIN_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.DUPLICATE;
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
import java.util.Optional;
import java.util.TreeSet;

/**
 * Purpose {@code sol.tx}: messages, legacy or of version 0 without lookup tables, in which our key
 * pays the fee and is the only signer. A program that we do not know could spend all that our
 * signature opens, so it is refused. Ed25519 signs the message itself.
 */
final class SolanaDecoder {
  /** What the chain takes for each signature, in lamports. */
  private static final BigInteger FEE_PER_SIGNATURE = BigInteger.valueOf(5000);

  /** What one instruction may use where the message does not say, and the most of a message. */
  private static final long UNITS_PER_INSTRUCTION = 200_000;

  private static final long MAX_UNITS = 1_400_000;
  private static final BigInteger MICRO = BigInteger.valueOf(1_000_000);

  static final int PAYER = 0;

  private final byte[] payload;
  private final SolanaMessage message;
  private final ChainId chain;
  private final SolanaTokens tokens;
  private final boolean[] used;
  private final List<Transfer> transfers = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>();
  private final TreeSet<Warning> warnings = new TreeSet<>();
  private Optional<BigInteger> unitPrice = Optional.empty();
  private Optional<Long> unitLimit = Optional.empty();
  private Optional<String> nonceAccount = Optional.empty();

  private SolanaDecoder(byte[] payload, View view) {
    this.payload = payload;
    this.chain = view.chain().orElse(ChainId.SOLANA);
    if (!chain.namespace().equals("solana")) {
      throw new Refusal(CHAIN_UNKNOWN, 0, "the key's chain is not a Solana cluster");
    }
    this.message = SolanaMessage.parse(payload);
    var payer = message.accounts().get(PAYER);
    // Who looks without a key looks from the fee payer's side: it must sign.
    if (!view.account().map(Account::key).orElse(payer).equals(payer)) {
      throw new Refusal(NOT_OURS, message.offsetOf(PAYER), "the fee payer is not our key");
    }
    if (message.signers() != 1) {
      throw new Refusal(FOREIGN_SIGNER, 0, "our key must be the only signer");
    }
    if (message.instructions().isEmpty()) {
      throw new Refusal(FIELD_MISSING, payload.length - 1, "a message without instructions");
    }
    this.tokens = new SolanaTokens(message, chain, view.terms());
    this.used = new boolean[message.accounts().size()];
    used[PAYER] = true;
  }

  static Intent decode(byte[] payload, View view) {
    return new SolanaDecoder(payload, view).intent();
  }

  private Intent intent() {
    int others = 0;
    for (var instruction : message.instructions()) {
      var program = message.accounts().get(instruction.program());
      if (message.isWritable(instruction.program())) {
        throw new Refusal(ACCOUNT_RIGHTS, instruction.offset(), "a program must be read-only");
      }
      used[instruction.program()] = true;
      instruction.accounts().forEach(index -> used[index] = true);
      var data = instruction.reader(payload);
      if (program.equals(SolanaAddress.COMPUTE_BUDGET)) {
        budget(instruction, data);
      } else {
        others++;
        if (program.equals(SolanaAddress.SYSTEM)) {
          system(instruction, data);
        } else if (program.equals(SolanaAddress.MEMO)) {
          memo(instruction);
        } else if (program.equals(SolanaAddress.TOKEN)) {
          token(instruction, data);
        } else if (program.equals(SolanaAddress.ASSOCIATED_TOKEN)) {
          tokens.create(instruction, data);
        } else if (program.equals(SolanaAddress.TOKEN_2022)) {
          throw new Refusal(
              RefusalCode.TOKEN_2022,
              instruction.offset(),
              "Token-2022: a mint's hooks and fees are not in the message");
        } else {
          throw new Refusal(PROGRAM_UNKNOWN, instruction.offset(), "a program that is not known");
        }
      }
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        throw new Refusal(
            FIELD_UNKNOWN, message.offsetOf(i), "an account that no instruction uses");
      }
    }
    return intent(fee(others));
  }

  private Intent intent(Fee fee) {
    var self = address(PAYER);
    if (grants.isEmpty() && transfers.stream().allMatch(t -> t.destination().equals(self))) {
      warnings.add(Warning.PAYS_ONLY_SELF);
    }
    if (nonceAccount.isEmpty()) {
      warnings.add(Warning.EXPIRES_SOON);
    }
    if (Warning.isHigh(fee, transfers)) {
      warnings.add(Warning.FEE_HIGH);
    }
    return new Intent(
        chain,
        grants.isEmpty() ? Kind.TRANSFER : Kind.GRANT,
        transfers,
        grants,
        List.of(),
        fee,
        nonceAccount
            .<Validity>map(account -> new Validity.DurableNonce(account, message.blockhash()))
            .orElseGet(() -> new Validity.RecentBlockhash(message.blockhash())),
        List.of(
            new SigningInput(
                0, SigningInput.Scheme.ED25519, "m", SigningInput.Tweak.NONE, Bytes.of(payload))),
        List.copyOf(warnings));
  }

  /** The signature, the units at their price rounded up, and the rent of accounts that are made. */
  private Fee fee(int instructions) {
    long units =
        Math.min(MAX_UNITS, unitLimit.orElse(UNITS_PER_INSTRUCTION * Math.max(1, instructions)));
    var priority =
        unitPrice
            .orElse(BigInteger.ZERO)
            .multiply(BigInteger.valueOf(units))
            .add(MICRO)
            .subtract(BigInteger.ONE)
            .divide(MICRO);
    return new Fee(AssetId.solana(chain), FEE_PER_SIGNATURE.add(priority).add(tokens.rent()));
  }

  private void budget(SolanaMessage.Instruction instruction, PayloadReader data) {
    int at = instruction.offset();
    if (!instruction.accounts().isEmpty()) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "a compute budget takes no accounts");
    }
    switch (data.u8("the operation")) {
      case 2 -> { // SetComputeUnitLimit
        once(unitLimit.isEmpty(), at);
        unitLimit = Optional.of(data.u32("the limit of units"));
      }
      case 3 -> { // SetComputeUnitPrice, in millionths of a lamport
        once(unitPrice.isEmpty(), at);
        unitPrice = Optional.of(data.amount("the price of units"));
      }
      default ->
          throw new Refusal(
              INSTRUCTION_UNKNOWN, at, "of the compute budget only limit and price are known");
    }
    data.end("the instruction");
  }

  private static void once(boolean first, int at) {
    if (!first) {
      throw new Refusal(DUPLICATE, at, "the compute budget is set twice");
    }
  }

  private void system(SolanaMessage.Instruction instruction, PayloadReader data) {
    int at = instruction.offset();
    long operation = data.remaining() < 4 ? -1 : data.u32("the operation");
    if (operation == 2 && data.remaining() == 8) {
      transfer(instruction, BigInteger.valueOf(data.u64("the lamports")));
    } else if (operation == 4 && data.remaining() == 0) {
      advance(instruction);
    } else {
      throw new Refusal(
          INSTRUCTION_UNKNOWN, at, "of the System program only Transfer and nonces are known");
    }
  }

  private void transfer(SolanaMessage.Instruction instruction, BigInteger lamports) {
    int at = instruction.offset();
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
    transfers.add(new Transfer(AssetId.solana(chain), address(to), lamports));
  }

  /** The chain looks for it in the first place alone; elsewhere it would be an ordinary step. */
  private void advance(SolanaMessage.Instruction instruction) {
    int at = instruction.offset();
    var accounts = instruction.accounts();
    if (!instruction.equals(message.instructions().getFirst())) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "a nonce is advanced first or not at all");
    }
    if (accounts.size() != 3
        || !message.accounts().get(accounts.get(1)).equals(SolanaAddress.RECENT_BLOCKHASHES)) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "advancing a nonce takes other accounts");
    }
    if (accounts.getLast() != PAYER) {
      throw new Refusal(NOT_OURS, at, "the nonce is not ours");
    }
    if (!message.isWritable(accounts.getFirst())) {
      throw new Refusal(ACCOUNT_RIGHTS, at, "the nonce's account must be writable");
    }
    nonceAccount = Optional.of(address(accounts.getFirst()).address());
  }

  private void memo(SolanaMessage.Instruction instruction) {
    if (instruction.accounts().stream().anyMatch(account -> account != PAYER)) {
      throw new Refusal(FOREIGN_SIGNER, instruction.offset(), "a memo that others are to sign");
    }
    warnings.add(Warning.CARRIES_DATA);
  }

  private void token(SolanaMessage.Instruction instruction, PayloadReader data) {
    switch (tokens.read(instruction, data)) {
      case SolanaTokens.Moved(var transfer) -> transfers.add(transfer);
      case SolanaTokens.Granted(var grant) -> {
        grants.add(grant);
        warnings.addAll(TokenCalls.warnings(grant));
      }
    }
  }

  private Destination address(int account) {
    return new Destination(chain, Addresses.solana(message.accounts().get(account).toArray()));
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
