package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.ALREADY_SIGNED;
import static io.sharekeep.intent.RefusalCode.CHAIN_ID_MISSING;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.VERSION;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An unsigned Ethereum transaction: exactly what its signer hashes.
 *
 * @param type 0 for legacy with EIP-155, or the type byte of EIP-2718
 * @param maxFee the most that can be paid for gas and blobs, in wei
 * @param data with where it lies in the payload
 * @param delegates of EIP-7702
 * @param fields as they were parsed, for the signed form
 */
record EvmTransaction(
    int type,
    BigInteger chainId,
    BigInteger nonce,
    BigInteger maxFee,
    Optional<Bytes> destination,
    int destinationOffset,
    BigInteger value,
    Rlp.Text data,
    List<Delegation> delegates,
    Rlp.Sequence fields) {
  private static final int LEGACY_FIELDS = 9;
  private static final BigInteger GAS_PER_BLOB = BigInteger.valueOf(131_072);

  /**
   * @param chainId 0 is every chain
   */
  record Delegation(BigInteger chainId, Bytes delegate, BigInteger nonce, int offset) {}

  static EvmTransaction parse(byte[] payload, Terms terms) {
    int first = new PayloadReader(payload).peek("the transaction");
    return switch (first) {
      case 1 -> {
        terms.require(OptIn.EVM_ACCESS_LIST, 0, "a transaction with an access list (EIP-2930)");
        yield typed(payload, 1, 8, 3);
      }
      case 2 -> typed(payload, 2, 9, 3);
      case 3 -> {
        terms.require(OptIn.EVM_BLOB, 0, "a transaction with blobs (EIP-4844)");
        yield typed(payload, 3, 11, 3);
      }
      case 4 -> {
        terms.require(OptIn.EVM_SET_CODE, 0, "a transaction that sets code (EIP-7702)");
        yield typed(payload, 4, 10, 3);
      }
      case '{' -> throw typedData();
      // EIP-191: what begins so is never a transaction.
      case 0x19 -> {
        if (payload.length > 1 && payload[1] == 1) {
          throw typedData();
        }
        throw new Refusal(
            RefusalCode.MESSAGE_OFF, 0, "a message (EIP-191) is not signed by this version");
      }
      default -> {
        if (first >= 0xc0) {
          yield legacy(payload);
        }
        throw new Refusal(
            first < 0x80 ? VERSION : NOT_THIS_FORMAT, 0, "not a type of transaction that is known");
      }
    };
  }

  private static Refusal typedData() {
    return new Refusal(
        RefusalCode.TYPED_DATA_OFF, 0, "typed data (EIP-712) is not signed by this version");
  }

  private static EvmTransaction legacy(byte[] payload) {
    var list = Rlp.parse(payload, 0);
    if (list.items().size() == 6) {
      throw new Refusal(
          CHAIN_ID_MISSING, 0, "a legacy transaction without a chain id is good on every chain");
    }
    var fields = EvmFields.of(list, LEGACY_FIELDS, "a legacy transaction");
    var nonce = fields.nonce();
    var price = fields.integer(256, "the gas price");
    var gas = fields.integer(64, "the gas limit");
    int at = fields.offset();
    var destination = fields.destination();
    var value = fields.integer(256, "the value");
    var data = fields.text("the data");
    var chainId = chainId(fields);
    int end = fields.offset();
    if (fields.text("r").bytes().length() + fields.text("s").bytes().length() != 0) {
      throw new Refusal(ALREADY_SIGNED, end, "the transaction carries a signature");
    }
    return new EvmTransaction(
        0, chainId, nonce, price.multiply(gas), destination, at, value, data, List.of(), list);
  }

  /** The types of EIP-2718 differ in how the fee is said and in what comes after the data. */
  private static EvmTransaction typed(byte[] payload, int type, int count, int signature) {
    var list = Rlp.parse(payload, 1);
    if (list.items().size() == count + signature) {
      throw new Refusal(
          ALREADY_SIGNED, list.items().get(count).offset(), "the transaction carries a signature");
    }
    var fields = EvmFields.of(list, count, "a transaction of type " + type);
    var chainId = chainId(fields);
    var nonce = fields.nonce();
    int tipAt = fields.offset();
    var tip = type == 1 ? BigInteger.ZERO : fields.integer(256, "the tip");
    var price = fields.integer(256, "the most for each gas");
    if (tip.compareTo(price) > 0) {
      throw new Refusal(OUT_OF_RANGE, tipAt, "the tip is more than the most for each gas");
    }
    var fee = price.multiply(fields.integer(64, "the gas limit"));
    int at = fields.offset();
    var destination =
        type <= 2 ? fields.destination() : Optional.of(fields.fixed(20, "the destination"));
    var value = fields.integer(256, "the value");
    var data = fields.text("the data");
    fields.accessList();
    if (type == 3) {
      var blobPrice = fields.integer(256, "the most for each blob gas");
      fee = fee.add(blobPrice.multiply(GAS_PER_BLOB).multiply(BigInteger.valueOf(fields.blobs())));
    }
    var delegates = type == 4 ? delegates(fields) : List.<Delegation>of();
    return new EvmTransaction(
        type, chainId, nonce, fee, destination, at, value, data, delegates, list);
  }

  private static List<Delegation> delegates(EvmFields fields) {
    var list = fields.list("the authorisations");
    EvmFields.limited(list, "the authorisations");
    if (list.items().isEmpty()) {
      throw new Refusal(
          RefusalCode.FIELD_MISSING, list.offset(), "a transaction that sets no code");
    }
    var delegates = new ArrayList<Delegation>();
    for (var item : list.items()) {
      var tuple = EvmFields.of(item, 6, "an authorisation");
      delegates.add(
          new Delegation(
              tuple.integer(64, "a chain id"),
              tuple.fixed(20, "a delegate"),
              tuple.nonce(),
              item.offset()));
      tuple.integer(8, "a parity");
      tuple.integer(256, "r");
      tuple.integer(256, "s");
    }
    return delegates;
  }

  private static BigInteger chainId(EvmFields fields) {
    int at = fields.offset();
    var chainId = fields.integer(64, "the chain id");
    if (chainId.signum() == 0) {
      throw new Refusal(CHAIN_ID_MISSING, at, "chain id 0 is no chain");
    }
    return chainId;
  }

  /** What is signed is the keccak256 of this, which is the payload again. */
  byte[] encode() {
    return prefixed(fields.items());
  }

  /**
   * With its signature.
   *
   * @param parity of y(R)
   */
  byte[] signed(int parity, BigInteger r, BigInteger s) {
    var items = new ArrayList<>(fields.items());
    if (type == 0) {
      items.subList(LEGACY_FIELDS - 3, LEGACY_FIELDS).clear();
      items.add(Rlp.of(chainId.shiftLeft(1).add(BigInteger.valueOf(35L + parity))));
    } else {
      items.add(Rlp.of(BigInteger.valueOf(parity)));
    }
    items.add(Rlp.of(r));
    items.add(Rlp.of(s));
    return prefixed(items);
  }

  private byte[] prefixed(List<Rlp> items) {
    var list = Rlp.encode(new Rlp.Sequence(items, 0));
    if (type == 0) {
      return list;
    }
    var bytes = new byte[1 + list.length];
    bytes[0] = (byte) type;
    System.arraycopy(list, 0, bytes, 1, list.length);
    return bytes;
  }
}
