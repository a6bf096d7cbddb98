package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ACCOUNT_RIGHTS;
import static io.sharekeep.intent.RefusalCode.INSTRUCTION_UNKNOWN;
import static io.sharekeep.intent.RefusalCode.NOT_OURS;
import static io.sharekeep.intent.RefusalCode.OWNER_UNPROVED;
import static io.sharekeep.intent.RefusalCode.PLAIN_TOKEN_TRANSFER;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The SPL Token program and the accounts that associate a token with its owner. A message names
 * token accounts, rules name owners: an owner is believed where the account derives from it.
 */
final class SolanaTokens {
  /** Lamports that keep a token account's 165 bytes alive for ever; whoever creates it pays. */
  private static final BigInteger RENT = BigInteger.valueOf(2_039_280);

  private static final int AUTHORITY_KINDS = 4;

  private final SolanaMessage message;
  private final ChainId chain;
  private final List<Bytes> owners = new ArrayList<>();
  private BigInteger rent = BigInteger.ZERO;

  /** What an operation does. */
  sealed interface Effect {}

  record Moved(Transfer transfer) implements Effect {}

  record Granted(Grant grant) implements Effect {}

  SolanaTokens(SolanaMessage message, ChainId chain, Terms terms) {
    this.message = message;
    this.chain = chain;
    owners.add(key(SolanaDecoder.PAYER));
    // Whom an account is created for, whether that comes before or after the transfer.
    for (var instruction : message.instructions()) {
      if (key(instruction.program()).equals(SolanaAddress.ASSOCIATED_TOKEN)
          && instruction.accounts().size() > 2) {
        owners.add(key(instruction.accounts().get(2)));
      }
    }
    for (var owner : terms.owners()) {
      if (owner.chain().equals(chain)) {
        Base58.decode(owner.address())
            .filter(bytes -> bytes.length == 32)
            .ifPresent(bytes -> owners.add(Bytes.of(bytes)));
      }
    }
  }

  BigInteger rent() {
    return rent;
  }

  /** Create (no data, or 0) and CreateIdempotent (1) of the Associated Token Account program. */
  void create(SolanaMessage.Instruction instruction, PayloadReader data) {
    int at = instruction.offset();
    int operation = data.remaining() == 0 ? 0 : data.u8("the operation");
    data.end("the instruction");
    var accounts = instruction.accounts();
    if (operation > 1
        || accounts.size() != 6
        || !key(accounts.get(4)).equals(SolanaAddress.SYSTEM)) {
      throw new Refusal(INSTRUCTION_UNKNOWN, at, "only the creation of a token account is known");
    }
    if (!key(accounts.get(5)).equals(SolanaAddress.TOKEN)) {
      throw new Refusal(RefusalCode.TOKEN_2022, at, "an account of another token program");
    }
    if (accounts.getFirst() != SolanaDecoder.PAYER) {
      throw new Refusal(NOT_OURS, at, "somebody else pays for the account");
    }
    writable(accounts.get(1), at);
    if (!SolanaAddress.associatedToken(key(accounts.get(2)), key(accounts.get(3)))
        .equals(key(accounts.get(1)))) {
      throw new Refusal(OWNER_UNPROVED, at, "the account does not derive from owner and mint");
    }
    rent = rent.add(RENT);
  }

  Effect read(SolanaMessage.Instruction instruction, PayloadReader data) {
    int operation = data.u8("the operation");
    var effect =
        switch (operation) {
          case 3 ->
              throw new Refusal(
                  PLAIN_TOKEN_TRANSFER,
                  instruction.offset(),
                  "Transfer does not say which token; TransferChecked does");
          case 6 -> setAuthority(instruction, data);
          case 9 -> closeAccount(instruction);
          case 12 -> transferChecked(instruction, data);
          case 13 -> approveChecked(instruction, data);
          default ->
              throw new Refusal(
                  INSTRUCTION_UNKNOWN,
                  instruction.offset(),
                  "of the Token program only TransferChecked, ApproveChecked, SetAuthority and "
                      + "CloseAccount are known");
        };
    data.end("the instruction");
    return effect;
  }

  /** Source, mint, destination, authority; amount, decimals. */
  private Effect transferChecked(SolanaMessage.Instruction instruction, PayloadReader data) {
    int at = instruction.offset();
    var accounts = ours(instruction, 4);
    int source = accounts.get(0);
    int target = accounts.get(2);
    var mint = key(accounts.get(1));
    writable(source, at);
    writable(target, at);
    fromOurs(source, mint, at);
    var owner =
        owners.stream()
            .filter(known -> SolanaAddress.associatedToken(known, mint).equals(key(target)))
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    OWNER_UNPROVED,
                    at,
                    "the destination is the associated token account of nobody known"));
    var amount = data.amount("the amount");
    data.u8("the decimals"); // the chain compares them with the mint's
    return new Moved(new Transfer(asset(mint), address(owner), amount));
  }

  /** Source, mint, delegate, owner; amount, decimals. */
  private Effect approveChecked(SolanaMessage.Instruction instruction, PayloadReader data) {
    int at = instruction.offset();
    var accounts = ours(instruction, 4);
    var mint = key(accounts.get(1));
    writable(accounts.getFirst(), at);
    fromOurs(accounts.getFirst(), mint, at);
    var amount = data.amount("the amount");
    data.u8("the decimals");
    return new Granted(
        new Grant(
            Grant.Form.TOKEN_DELEGATE,
            asset(mint),
            address(key(accounts.get(2))),
            Optional.of(amount),
            Optional.empty()));
  }

  /** Account or mint, current authority; which, and the new one or none. */
  private Effect setAuthority(SolanaMessage.Instruction instruction, PayloadReader data) {
    var accounts = ours(instruction, 2);
    writable(accounts.getFirst(), instruction.offset());
    if (data.u8("the kind of authority") >= AUTHORITY_KINDS) {
      throw new Refusal(
          INSTRUCTION_UNKNOWN, instruction.offset(), "a kind of authority that is not known");
    }
    var grantee =
        switch (data.u8("whether there is a new authority")) {
          case 0 -> new Destination(chain, "nobody");
          case 1 -> address(Bytes.of(data.bytes(32, "the new authority")));
          default ->
              throw new Refusal(
                  RefusalCode.NOT_CANONICAL, instruction.offset(), "neither some nor none");
        };
    return new Granted(
        new Grant(
            Grant.Form.AUTHORITY,
            account(accounts.getFirst()),
            grantee,
            Optional.empty(),
            Optional.empty()));
  }

  /** Account, who gets its lamports, owner. */
  private Effect closeAccount(SolanaMessage.Instruction instruction) {
    var accounts = ours(instruction, 3);
    writable(accounts.get(0), instruction.offset());
    writable(accounts.get(1), instruction.offset());
    return new Granted(
        new Grant(
            Grant.Form.CLOSE_ACCOUNT,
            account(accounts.getFirst()),
            address(key(accounts.get(1))),
            Optional.empty(),
            Optional.empty()));
  }

  /** So many accounts, the last of them our key, which signs for it; more are others' signers. */
  private static List<Integer> ours(SolanaMessage.Instruction instruction, int count) {
    var accounts = instruction.accounts();
    if (accounts.size() != count) {
      throw new Refusal(
          INSTRUCTION_UNKNOWN, instruction.offset(), "the operation takes " + count + " accounts");
    }
    if (accounts.getLast() != SolanaDecoder.PAYER) {
      throw new Refusal(NOT_OURS, instruction.offset(), "the authority is not our key");
    }
    return accounts;
  }

  private void fromOurs(int source, Bytes mint, int at) {
    if (!SolanaAddress.associatedToken(key(SolanaDecoder.PAYER), mint).equals(key(source))) {
      throw new Refusal(OWNER_UNPROVED, at, "the source is not our key's associated token account");
    }
  }

  private void writable(int account, int at) {
    if (!message.isWritable(account)) {
      throw new Refusal(ACCOUNT_RIGHTS, at, "an account that changes must be writable");
    }
  }

  private AssetId asset(Bytes mint) {
    return AssetId.spl(address(mint));
  }

  /** An account as a thing that is owned; the message does not say which token is in it. */
  private AssetId account(int account) {
    return new AssetId(chain, "account:" + address(key(account)).address());
  }

  private Destination address(Bytes key) {
    return new Destination(chain, Addresses.solana(key.toArray()));
  }

  private Bytes key(int account) {
    return message.accounts().get(account);
  }
}
