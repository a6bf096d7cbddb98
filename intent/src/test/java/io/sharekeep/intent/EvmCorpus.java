package io.sharekeep.intent;

import static io.sharekeep.intent.EvmText.SOMEBODY;
import static io.sharekeep.intent.EvmText.TOKEN;
import static io.sharekeep.intent.EvmText.UNBOUNDED;
import static io.sharekeep.intent.EvmText.bytes;
import static io.sharekeep.intent.EvmText.call;
import static io.sharekeep.intent.EvmText.list;
import static io.sharekeep.intent.EvmText.word;

import java.util.List;

/** Ethereum's part of the corpus. */
final class EvmCorpus {
  private static final String COIN = "0de0b6b3a7640000";
  private static final String AMOUNT = word("02625a00");
  private static final String ZERO = "00".repeat(20);
  private static final String HASH = "01" + "22".repeat(31);

  private EvmCorpus() {}

  static void write(List<CorpusLine> lines) {
    var out = new CorpusLines(CorpusLine.View.EVM, lines);
    envelopes(out);
    integers(out);
    tokens(out);
    calls(out);
    off(out);
    asked(new CorpusLines(CorpusLine.View.EVM_ALL, lines));
  }

  private static void envelopes(CorpusLines out) {
    var legacy = EvmText.legacy(SOMEBODY, COIN, "").write();
    var type2 = EvmText.type2(SOMEBODY, COIN, "").write();
    out.line("transfer", "the example of EIP-155", legacy);
    out.line("transfer", "a transfer of type 2", type2);
    out.line("transfer", "nothing to oneself, to cancel", EvmText.type2(own(), "", "").write());
    out.line("transfer", "coin to address zero", EvmText.type2(ZERO, COIN, "").write());
    out.line("!truncated", "no bytes", "");
    out.line("!truncated", "a type and no list", "02");
    out.line("!truncated", "the last byte is missing", legacy.substring(0, legacy.length() - 2));
    out.line("!trailing-bytes", "a byte after a legacy transaction", legacy + "00");
    out.line("!trailing-bytes", "a byte after type 2", type2 + "00");
    out.line("!trailing-bytes", "a second transaction behind", legacy + legacy);
    out.line("!version", "an unknown type", "7f" + type2.substring(2));
    out.line("!version", "type 0 written as a type", "00" + legacy);
    out.line("!not-this-format", "a text in place of a list", bytes("11".repeat(40)));
    out.line("!not-this-format", "a text after the type", "02" + bytes("11".repeat(40)));
    out.line("!message-off", "EIP-191's prefix", "19457468657265756d205369676e6564");
    out.line("!typed-data-off", "EIP-712's prefix and two hashes", "1901" + "11".repeat(64));
    out.line("!typed-data-off", "typed data as JSON", "7b227479706573223a7b7d7d");
    out.line(
        "!chain-id-missing",
        "legacy without a chain id",
        EvmText.of("", "09", "04a817c800", "5208", SOMEBODY, COIN, "").write());
    out.line(
        "!chain-id-missing",
        "legacy with chain id 0",
        EvmText.legacy(SOMEBODY, COIN, "").set(6, "80").write());
    out.line(
        "!chain-id-missing",
        "type 2 with chain id 0",
        EvmText.type2(SOMEBODY, COIN, "").set(0, "80").write());
    out.line(
        "!wrong-chain",
        "legacy for another chain",
        EvmText.legacy(SOMEBODY, COIN, "").set(6, bytes("89")).write());
    out.line(
        "!wrong-chain",
        "type 2 for another chain",
        EvmText.type2(SOMEBODY, COIN, "").set(0, "0a").write());
    out.line(
        "!already-signed",
        "legacy with EIP-155's signature",
        EvmText.of(
                "",
                "09",
                "04a817c800",
                "5208",
                SOMEBODY,
                COIN,
                "",
                "25",
                "28".repeat(32),
                "67".repeat(32))
            .write());
    out.line(
        "!already-signed",
        "type 2 with a signature",
        EvmText.type2(SOMEBODY, COIN, "")
            .with("01")
            .with(bytes("28".repeat(32)))
            .with(bytes("67".repeat(32)))
            .write());
    out.line(
        "!not-this-format",
        "type 2 with ten fields",
        EvmText.type2(SOMEBODY, COIN, "").with("80").write());
    out.line(
        "!not-this-format",
        "legacy with eight fields",
        EvmText.of("", "09", "04a817c800", "5208", SOMEBODY, COIN, "", "01", "").write());
    out.line("!not-this-format", "an empty list", "c0");
    out.line(
        "!not-this-format",
        "a list as the value",
        EvmText.legacy(SOMEBODY, COIN, "").set(4, list(bytes(COIN))).write());
    out.line(
        "!not-this-format",
        "bytes as the access list",
        EvmText.type2(SOMEBODY, COIN, "").set(8, "80").write());
    out.line(
        "transfer",
        "an access list in type 2",
        EvmText.type2(SOMEBODY, COIN, "")
            .set(8, list(list(bytes(TOKEN), list(bytes("11".repeat(32))))))
            .write());
    out.line(
        "!out-of-range",
        "a storage key of 31 bytes",
        EvmText.type2(SOMEBODY, COIN, "")
            .set(8, list(list(bytes(TOKEN), list(bytes("11".repeat(31))))))
            .write());
    out.line(
        "!not-this-format",
        "an access list's entry of three fields",
        EvmText.type2(SOMEBODY, COIN, "").set(8, list(list(bytes(TOKEN), list(), "01"))).write());
    out.line(
        "!too-large",
        "lists nested too deep",
        EvmText.type2(SOMEBODY, COIN, "").set(8, list(list(bytes(TOKEN), list(list())))).write());
  }

  private static void integers(CorpusLines out) {
    out.line(
        "!not-canonical",
        "a nonce with a leading zero",
        EvmText.legacy(SOMEBODY, COIN, "").set(0, bytes("0009")).write());
    out.line(
        "!not-canonical",
        "a nonce of zero as a byte",
        EvmText.legacy(SOMEBODY, COIN, "").set(0, "00").write());
    out.line(
        "!not-canonical",
        "a small byte with a length",
        EvmText.legacy(SOMEBODY, COIN, "").set(0, "8109").write());
    out.line(
        "!not-canonical",
        "a short length written long",
        EvmText.legacy(SOMEBODY, COIN, "").set(3, "b814" + SOMEBODY).write());
    out.line(
        "!not-canonical",
        "a length with a leading zero",
        "f9" + "00" + EvmText.type2(TOKEN, "", approve(UNBOUNDED)).write().substring(4));
    out.line("!too-large", "a length of 2^40", "fd010000000000");
    out.line("!too-large", "a length beyond a long", "ffffffffffffffffff");
    out.line(
        "!not-canonical",
        "a value with a leading zero",
        EvmText.type2(SOMEBODY, "00" + COIN, "").write());
    out.line(
        "!out-of-range",
        "a value of 257 bits",
        EvmText.type2(SOMEBODY, "01" + "00".repeat(32), "").write());
    out.line("transfer", "a value of 256 bits", EvmText.type2(SOMEBODY, UNBOUNDED, "").write());
    out.line(
        "!out-of-range",
        "a nonce of 2^64 - 1",
        EvmText.type2(SOMEBODY, COIN, "").set(1, bytes("ffffffffffffffff")).write());
    out.line(
        "!out-of-range",
        "a gas limit of 65 bits",
        EvmText.type2(SOMEBODY, COIN, "").set(4, bytes("01" + "00".repeat(8))).write());
    out.line(
        "!out-of-range",
        "a chain id of 65 bits",
        EvmText.type2(SOMEBODY, COIN, "").set(0, bytes("01" + "00".repeat(8))).write());
    out.line(
        "!out-of-range",
        "a tip above the most for each gas",
        EvmText.type2(SOMEBODY, COIN, "").set(2, bytes("04a817c801")).write());
    out.line(
        "transfer",
        "a huge fee, which is said and for rules to judge",
        EvmText.type2(SOMEBODY, COIN, "").set(3, bytes("ff".repeat(8))).write());
    out.line(
        "!out-of-range",
        "a destination of 19 bytes",
        EvmText.type2(SOMEBODY.substring(2), COIN, "").write());
    out.line(
        "!out-of-range",
        "a destination of 32 bytes",
        EvmText.type2(word(SOMEBODY), COIN, "").write());
  }

  private static void tokens(CorpusLines out) {
    out.line("transfer", "an ERC-20 transfer", token(transfer(AMOUNT)));
    out.line("transfer", "an ERC-20 transfer of nothing", token(transfer(word(""))));
    out.line("transfer", "an ERC-20 transfer of everything", token(transfer(UNBOUNDED)));
    out.line(
        "transfer", "tokens to their own contract", token(call("a9059cbb", word(TOKEN), AMOUNT)));
    out.line("transfer", "tokens to address zero", token(call("a9059cbb", word(""), AMOUNT)));
    out.line(
        "!dirty-padding",
        "an address with a dirty first byte",
        token(call("a9059cbb", "01" + word(SOMEBODY).substring(2), AMOUNT)));
    out.line(
        "!dirty-padding",
        "an address with dirt beside it",
        token(call("a9059cbb", "0".repeat(23) + "1" + SOMEBODY, AMOUNT)));
    out.line("!trailing-bytes", "a byte after the arguments", token(transfer(AMOUNT) + "00"));
    out.line("!trailing-bytes", "a word after the arguments", token(transfer(AMOUNT) + word("")));
    out.line("!truncated", "an amount one byte short", token(transfer(AMOUNT.substring(2))));
    out.line("!truncated", "a transfer without amount", token(call("a9059cbb", word(SOMEBODY))));
    out.line("!truncated", "a transfer without arguments", token("a9059cbb"));
    out.line(
        "!value-with-call",
        "an ERC-20 transfer with coin",
        EvmText.type2(TOKEN, COIN, transfer(AMOUNT)).write());
    out.line(
        "!value-with-call",
        "an approval with coin",
        EvmText.type2(TOKEN, COIN, approve(AMOUNT)).write());
    out.line("grant", "an approval", token(approve(AMOUNT)));
    out.line("grant", "an approval of zero: of ERC-721 it is token 0", token(approve(word(""))));
    out.line("grant", "an unlimited approval", token(approve(UNBOUNDED)));
    out.line("grant", "an approval of 2^96 - 1", token(approve(word("ff".repeat(12)))));
    out.line("grant", "an approval for address zero", token(call("095ea7b3", word(""), AMOUNT)));
    out.line(
        "!dirty-padding",
        "an approval with dirty padding",
        token(call("095ea7b3", "ff" + word(SOMEBODY).substring(2), AMOUNT)));
    out.line("!trailing-bytes", "an approval with a tail", token(approve(AMOUNT) + "c0ffee"));
    out.line("grant", "increaseAllowance", token(call("39509351", word(SOMEBODY), AMOUNT)));
    out.line("grant", "increaseApproval", token(call("d73dd623", word(SOMEBODY), AMOUNT)));
    out.line("grant", "setApprovalForAll", token(call("a22cb465", word(SOMEBODY), word("01"))));
    out.line(
        "grant", "setApprovalForAll taken back", token(call("a22cb465", word(SOMEBODY), word(""))));
    out.line(
        "!out-of-range",
        "setApprovalForAll with 2",
        token(call("a22cb465", word(SOMEBODY), word("02"))));
    out.line(
        "!dirty-padding",
        "setApprovalForAll with a dirty truth value",
        token(call("a22cb465", word(SOMEBODY), "01" + word("01").substring(2))));
    out.line(
        "grant",
        "an ERC-2612 permit",
        token(
            call(
                "d505accf",
                word(own()),
                word(SOMEBODY),
                UNBOUNDED,
                UNBOUNDED,
                word("1b"),
                "11".repeat(32),
                "22".repeat(32))));
    out.line(
        "grant",
        "a permit of DAI",
        token(
            call(
                "8fcbaf0c",
                word(own()),
                word(SOMEBODY),
                word(""),
                UNBOUNDED,
                word("01"),
                word("1b"),
                "11".repeat(32),
                "22".repeat(32))));
    out.line(
        "grant",
        "an approval of Permit2",
        EvmText.type2(
                "000000000022d473030f116ddee9f6b43ac78ba3",
                "",
                call(
                    "87517c45",
                    word(TOKEN),
                    word(SOMEBODY),
                    word("ff".repeat(20)),
                    word("6bd0a9a0")))
            .write());
    out.line(
        "!dirty-padding",
        "an approval of Permit2 for an amount of 161 bits",
        EvmText.type2(
                "000000000022d473030f116ddee9f6b43ac78ba3",
                "",
                call(
                    "87517c45",
                    word(TOKEN),
                    word(SOMEBODY),
                    word("01" + "00".repeat(20)),
                    word("6bd0a9a0")))
            .write());
    out.line(
        "evm.call",
        "transferFrom, which of ERC-721 moves one token",
        token(call("23b872dd", word(own()), word(SOMEBODY), AMOUNT)));
    out.line(
        "!dirty-padding",
        "transferFrom with a dirty holder",
        token(call("23b872dd", "ff" + word(own()).substring(2), word(SOMEBODY), AMOUNT)));
  }

  private static void calls(CorpusLines out) {
    out.line("evm.call", "an unknown selector", token("deadbeef" + AMOUNT));
    out.line("evm.call", "a selector alone", token("deadbeef"));
    out.line("evm.call", "one byte of data", token("de"));
    out.line("evm.call", "a selector cut short", token("a9059c"));
    out.line("evm.call", "coin with data", EvmText.type2(SOMEBODY, COIN, "68656c6c6f").write());
    out.line(
        "evm.call",
        "several calls in one",
        token(call("ac9650d8", word("20"), word("01"), word("20"), word("44"), approve(AMOUNT))));
    out.line(
        "evm.call",
        "safeTransferFrom",
        token(call("42842e0e", word(own()), word(SOMEBODY), word("07"))));
    out.line("evm.call", "transferOwnership", token(call("f2fde38b", word(SOMEBODY))));
  }

  private static void off(CorpusLines out) {
    out.line("!access-list-off", "type 1", type1().write());
    out.line("!blob-off", "type 3", type3(list(bytes(HASH))).write());
    out.line("!set-code-off", "type 4", type4("01").write());
    out.line("!set-code-off", "an authorisation alone", "05" + list("01", bytes(SOMEBODY), "09"));
    out.line("!create-off", "a contract, legacy", EvmText.legacy("", "", "600160015560").write());
    out.line("!create-off", "a contract, type 2", EvmText.type2("", COIN, "6001").write());
    out.line("!create-off", "coin for nobody", EvmText.type2("", COIN, "").write());
  }

  /** The same where the caller asks for all of it. */
  private static void asked(CorpusLines out) {
    out.line("transfer", "type 1", type1().write());
    out.line("transfer", "type 3", type3(list(bytes(HASH))).write());
    out.line("!field-missing", "type 3 without blobs", type3(list()).write());
    out.line(
        "!version",
        "a blob's hash of version 2",
        type3(list(bytes("02" + HASH.substring(2)))).write());
    out.line("!duplicate", "a blob twice", type3(list(bytes(HASH), bytes(HASH))).write());
    out.line(
        "!out-of-range",
        "type 3 without destination",
        type3(list(bytes(HASH))).set(5, "80").write());
    out.line("evm.set-code", "delegate code", type4("01").write());
    out.line("evm.set-code", "delegate code on every chain", type4("80").write());
    out.line("!wrong-chain", "delegate code on another chain", type4("0a").write());
    out.line("!field-missing", "type 4 that sets no code", type4("01").set(9, list()).write());
    out.line(
        "!not-this-format",
        "an authorisation of two fields",
        type4("01").set(9, list(list("01", "02"))).write());
    out.line("evm.set-code", "an authorisation alone", "05" + list("01", bytes(SOMEBODY), "09"));
    out.line(
        "evm.set-code",
        "an authorisation for every chain",
        "05" + list("80", bytes(SOMEBODY), "09"));
    out.line(
        "!wrong-chain",
        "an authorisation for another chain",
        "05" + list("0a", bytes(SOMEBODY), "09"));
    out.line(
        "!trailing-bytes",
        "an authorisation with a tail",
        "05" + list("01", bytes(SOMEBODY), "09") + "00");
    out.line("evm.create", "a contract", EvmText.type2("", "", "600160015560").write());
    out.line("evm.create", "a contract with coin", EvmText.legacy("", COIN, "6001").write());
    out.line(
        "grant",
        "an approval in type 1",
        type1().set(4, bytes(TOKEN)).set(5, "80").set(6, bytes(approve(UNBOUNDED))).write());
    out.line(
        "!already-signed",
        "type 4 with a signature",
        type4("01").with("01").with(bytes("28".repeat(32))).with(bytes("67".repeat(32))).write());
  }

  private static EvmText type1() {
    return EvmText.of("01", "01", "09", "04a817c800", "5208", SOMEBODY, COIN, "").with(list());
  }

  private static EvmText type3(String hashes) {
    return EvmText.of("03", "01", "09", "3b9aca00", "04a817c800", "5208", SOMEBODY, COIN, "")
        .with(list())
        .with("01")
        .with(hashes);
  }

  private static EvmText type4(String chain) {
    return EvmText.of("04", "01", "09", "3b9aca00", "04a817c800", "0186a0", own(), "", "")
        .with(list())
        .with(
            list(
                list(
                    chain,
                    bytes(SOMEBODY),
                    "0a",
                    "01",
                    bytes("28".repeat(32)),
                    bytes("67".repeat(32)))));
  }

  private static String own() {
    return EvmAddress.ofKey(EvmText.OURS).hex();
  }

  private static String token(String data) {
    return EvmText.type2(TOKEN, "", data).write();
  }

  private static String transfer(String amount) {
    return call("a9059cbb", word(SOMEBODY), amount);
  }

  private static String approve(String amount) {
    return call("095ea7b3", word(SOMEBODY), amount);
  }
}
