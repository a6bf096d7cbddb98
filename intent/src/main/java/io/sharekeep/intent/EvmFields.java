package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.NOT_CANONICAL;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.TOO_LARGE;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The fields of an Ethereum structure, in order, each taken as what it must be. */
final class EvmFields {
  private final List<Rlp> items;
  private int next;

  EvmFields(Rlp.Sequence fields) {
    this.items = fields.items();
  }

  /** Where the next field starts. */
  int offset() {
    return items.get(next).offset();
  }

  /** Shortest big-endian, zero as no bytes. */
  BigInteger integer(int bits, String what) {
    var text = text(what);
    var bytes = text.bytes();
    if (bytes.length() > 0 && bytes.at(0) == 0) {
      throw new Refusal(NOT_CANONICAL, text.offset(), what + " is written longer than it needs");
    }
    var value = new BigInteger(1, bytes.toArray());
    if (value.bitLength() > bits) {
      throw new Refusal(OUT_OF_RANGE, text.offset(), what + " has more than " + bits + " bits");
    }
    return value;
  }

  /** EIP-2681: the last number of 64 bits is no nonce. */
  BigInteger nonce() {
    int at = offset();
    var nonce = integer(64, "the nonce");
    if (nonce.add(BigInteger.ONE).bitLength() > 64) {
      throw new Refusal(OUT_OF_RANGE, at, "the nonce is 2^64 - 1, which no transaction may have");
    }
    return nonce;
  }

  Bytes fixed(int length, String what) {
    var text = text(what);
    if (text.bytes().length() != length) {
      throw new Refusal(OUT_OF_RANGE, text.offset(), what + " has not " + length + " bytes");
    }
    return text.bytes();
  }

  /** An address, or nothing where a contract is created. */
  Optional<Bytes> destination() {
    if (items.get(next) instanceof Rlp.Text(var bytes, _, _) && bytes.length() == 0) {
      next++;
      return Optional.empty();
    }
    return Optional.of(fixed(20, "the destination"));
  }

  Rlp.Text text(String what) {
    var item = items.get(next++);
    if (item instanceof Rlp.Text text) {
      return text;
    }
    throw new Refusal(NOT_THIS_FORMAT, item.offset(), what + " is a list, not bytes");
  }

  Rlp.Sequence list(String what) {
    var item = items.get(next++);
    if (item instanceof Rlp.Sequence list) {
      return list;
    }
    throw new Refusal(NOT_THIS_FORMAT, item.offset(), what + " is bytes, not a list");
  }

  /** EIP-2930: addresses with the storage keys that will be touched. They cost gas, no more. */
  void accessList() {
    var entries = list("the access list");
    limited(entries, "the access list");
    for (var entry : entries.items()) {
      var pair = of(entry, 2, "an entry of the access list");
      pair.fixed(20, "an address of the access list");
      var keys = pair.list("the storage keys");
      limited(keys, "the storage keys");
      var key = new EvmFields(keys);
      for (int i = 0; i < keys.items().size(); i++) {
        key.fixed(32, "a storage key");
      }
    }
  }

  /** EIP-4844: how many blobs; their hashes start with version 1 and differ. */
  int blobs() {
    int at = offset();
    var hashes = list("the blobs' hashes");
    limited(hashes, "the blobs' hashes");
    var seen = new HashSet<Bytes>();
    var hash = new EvmFields(hashes);
    for (var item : hashes.items()) {
      var bytes = hash.fixed(32, "a blob's hash");
      if (bytes.at(0) != 1) {
        throw new Refusal(RefusalCode.VERSION, item.offset(), "a blob's hash is not of version 1");
      }
      if (!seen.add(bytes)) {
        throw new Refusal(RefusalCode.DUPLICATE, item.offset(), "a blob is listed twice");
      }
    }
    if (seen.isEmpty()) {
      throw new Refusal(RefusalCode.FIELD_MISSING, at, "a blob transaction without blobs");
    }
    return seen.size();
  }

  static void limited(Rlp.Sequence list, String what) {
    if (list.items().size() > Decoders.MAX_PARTS) {
      throw new Refusal(TOO_LARGE, list.offset(), what + " has more than 256 entries");
    }
  }

  static EvmFields of(Rlp item, int count, String what) {
    if (!(item instanceof Rlp.Sequence list) || list.items().size() != count) {
      throw new Refusal(NOT_THIS_FORMAT, item.offset(), what + " has not " + count + " fields");
    }
    return new EvmFields(list);
  }
}
