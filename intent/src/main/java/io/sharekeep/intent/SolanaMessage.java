package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.DUPLICATE;
import static io.sharekeep.intent.RefusalCode.LOOKUP_TABLE;
import static io.sharekeep.intent.RefusalCode.NOT_CANONICAL;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.TOO_LARGE;
import static io.sharekeep.intent.RefusalCode.VERSION;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * A Solana message: three counts, account keys, blockhash, instructions. Legacy, or version 0,
 * which has a byte before and lookup tables behind, of which we accept none.
 *
 * @param versioned whether it is of version 0
 * @param signers how many of the first accounts must sign
 * @param readOnlySigners how many of these, the last ones, are read-only
 * @param readOnlyOthers how many of the other accounts, the last ones, are read-only
 */
record SolanaMessage(
    boolean versioned,
    int signers,
    int readOnlySigners,
    int readOnlyOthers,
    List<Bytes> accounts,
    Bytes blockhash,
    List<Instruction> instructions) {

  /** A packet holds 1232 bytes; one signature and its count take 65 of them. */
  static final int MAX_BYTES = 1232 - 65;

  private static final int ACCOUNT = 32;
  private static final int VERSION_0 = 0x80;

  /**
   * @param program index of the account that runs
   * @param accounts indices of the accounts that it is given
   * @param offset where the instruction starts in the message
   * @param dataOffset where its data starts in the message
   */
  record Instruction(int program, List<Integer> accounts, Bytes data, int offset, int dataOffset) {
    /** Its data, with the message's offsets. */
    PayloadReader reader(byte[] message) {
      var reader = new PayloadReader(message);
      reader.bytes(dataOffset, "what is before");
      return reader.part(data.length(), "the data");
    }
  }

  static SolanaMessage parse(byte[] message) {
    if (message.length > MAX_BYTES) {
      throw new Refusal(
          TOO_LARGE, MAX_BYTES, "a message with one signature has at most 1167 bytes");
    }
    var reader = new PayloadReader(message);
    boolean versioned = reader.peek("the header") >= 0x80;
    if (versioned && reader.u8("the version") != VERSION_0) {
      throw new Refusal(VERSION, 0, "only legacy messages and those of version 0 are read");
    }
    int signers = reader.u8("the count of signers");
    int readOnlySigners = reader.u8("the count of read-only signers");
    int readOnlyOthers = reader.u8("the count of other read-only accounts");
    int atAccounts = reader.offset();
    int count = reader.compactU16(Decoders.MAX_PARTS, "the count of accounts");
    if (signers < 1 || readOnlySigners >= signers || signers + readOnlyOthers > count) {
      throw new Refusal(
          NOT_THIS_FORMAT, atAccounts, "the header's counts do not fit the count of accounts");
    }
    var accounts = new ArrayList<Bytes>();
    var seen = new HashSet<Bytes>();
    for (int i = 0; i < count; i++) {
      int at = reader.offset();
      var account = Bytes.of(reader.bytes(ACCOUNT, "an account"));
      if (!seen.add(account)) {
        throw new Refusal(DUPLICATE, at, "an account is listed twice");
      }
      accounts.add(account);
    }
    var blockhash = Bytes.of(reader.bytes(ACCOUNT, "the blockhash"));
    int instructionCount = reader.compactU16(Decoders.MAX_PARTS, "the count of instructions");
    var instructions = new ArrayList<Instruction>();
    for (int i = 0; i < instructionCount; i++) {
      instructions.add(instruction(reader, count));
    }
    if (versioned) {
      int at = reader.offset();
      if (reader.u8("the count of lookup tables") != 0) {
        throw new Refusal(
            LOOKUP_TABLE, at, "a lookup table: its accounts cannot be read from the message");
      }
    }
    reader.end("the message");
    var parsed =
        new SolanaMessage(
            versioned, signers, readOnlySigners, readOnlyOthers, accounts, blockhash, instructions);
    if (!Arrays.equals(parsed.encode(), message)) {
      throw new Refusal(NOT_CANONICAL, 0, "the message would be written otherwise");
    }
    return parsed;
  }

  private static Instruction instruction(PayloadReader reader, int accounts) {
    int at = reader.offset();
    int program = index(reader, accounts, "a program's index");
    int count = reader.compactU16(Decoders.MAX_PARTS, "an instruction's count of accounts");
    var given = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      given.add(index(reader, accounts, "an account's index"));
    }
    int length = reader.compactU16(MAX_BYTES, "an instruction's length of data");
    int dataAt = reader.offset();
    var data = Bytes.of(reader.bytes(length, "an instruction's data"));
    return new Instruction(program, given, data, at, dataAt);
  }

  private static int index(PayloadReader reader, int accounts, String what) {
    int at = reader.offset();
    int index = reader.u8(what);
    if (index >= accounts) {
      throw new Refusal(OUT_OF_RANGE, at, what + " is beyond the accounts");
    }
    return index;
  }

  /** Where an account's key starts in the message: behind three counts and a length. */
  int offsetOf(int account) {
    return (versioned ? 5 : 4) + ACCOUNT * account;
  }

  boolean isWritable(int index) {
    return index < signers
        ? index < signers - readOnlySigners
        : index < accounts.size() - readOnlyOthers;
  }

  byte[] encode() {
    var out = new ByteArrayOutputStream();
    if (versioned) {
      out.write(VERSION_0);
    }
    out.write(signers);
    out.write(readOnlySigners);
    out.write(readOnlyOthers);
    writeCompactU16(out, accounts.size());
    accounts.forEach(account -> out.writeBytes(account.toArray()));
    out.writeBytes(blockhash.toArray());
    writeCompactU16(out, instructions.size());
    for (var instruction : instructions) {
      out.write(instruction.program());
      writeCompactU16(out, instruction.accounts().size());
      instruction.accounts().forEach(out::write);
      writeCompactU16(out, instruction.data().length());
      out.writeBytes(instruction.data().toArray());
    }
    if (versioned) {
      out.write(0); // no lookup tables
    }
    return out.toByteArray();
  }

  static void writeCompactU16(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
