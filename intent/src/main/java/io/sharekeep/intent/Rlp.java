package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.NOT_CANONICAL;
import static io.sharekeep.intent.RefusalCode.NOT_THIS_FORMAT;
import static io.sharekeep.intent.RefusalCode.TOO_LARGE;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Ethereum's recursive length prefix (Yellow Paper, appendix B), in its one shortest form. */
sealed interface Rlp {
  /** An access list's keys are the deepest: transaction, list, entry, keys. */
  int MAX_DEPTH = 4;

  /** Where the item starts in the payload. */
  int offset();

  /**
   * @param content where the bytes themselves start in the payload
   */
  record Text(Bytes bytes, int offset, int content) implements Rlp {}

  /** A list of items. */
  record Sequence(List<Rlp> items, int offset) implements Rlp {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** The one list that fills the payload from an offset to its end. */
  static Sequence parse(byte[] payload, int from) {
    var reader = new PayloadReader(payload);
    reader.bytes(from, "the type");
    var item = item(reader, 0);
    reader.end("the list");
    if (!(item instanceof Sequence list)) {
      throw new Refusal(NOT_THIS_FORMAT, from, "not a list of fields");
    }
    if (!Arrays.equals(encode(list), Arrays.copyOfRange(payload, from, payload.length))) {
      throw new Refusal(NOT_CANONICAL, from, "the fields would be written otherwise");
    }
    return list;
  }

  private static Rlp item(PayloadReader reader, int depth) {
    int at = reader.offset();
    int first = reader.u8("an item");
    if (first < 0x80) {
      return new Text(Bytes.of(new byte[] {(byte) first}), at, at);
    }
    boolean list = first >= 0xc0;
    int shortest = first - (list ? 0xc0 : 0x80);
    int length = shortest <= 55 ? shortest : longLength(reader, shortest - 55, at);
    if (!list) {
      int content = reader.offset();
      var bytes = Bytes.of(reader.bytes(length, "an item's bytes"));
      if (length == 1 && bytes.at(0) >= 0) {
        throw new Refusal(NOT_CANONICAL, at, "a small byte is written longer than it needs");
      }
      return new Text(bytes, at, content);
    }
    if (depth == MAX_DEPTH) {
      throw new Refusal(TOO_LARGE, at, "lists are nested deeper than any transaction's");
    }
    var part = reader.part(length, "a list's items");
    var items = new ArrayList<Rlp>();
    while (part.remaining() > 0) {
      items.add(item(part, depth + 1));
    }
    return new Sequence(items, at);
  }

  private static int longLength(PayloadReader reader, int bytes, int at) {
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      int next = reader.u8("a length");
      if (i == 0 && next == 0) {
        throw new Refusal(NOT_CANONICAL, at, "a length is written longer than it needs");
      }
      length = length << 8 | next;
      if (length > Decoders.MAX_PAYLOAD) {
        throw new Refusal(TOO_LARGE, at, "a length is beyond 128 KiB");
      }
    }
    if (length <= 55) {
      throw new Refusal(NOT_CANONICAL, at, "a length is written longer than it needs");
    }
    return (int) length;
  }

  /** The shortest form, which is the only one that {@link #parse} reads. */
  static byte[] encode(Rlp item) {
    return switch (item) {
      case Text(var bytes, _, _) ->
          bytes.length() == 1 && bytes.at(0) >= 0
              ? bytes.toArray()
              : prefixed(0x80, bytes.toArray());
      case Sequence(var items, _) -> {
        var content = new ByteArrayOutputStream();
        items.forEach(inner -> content.writeBytes(encode(inner)));
        yield prefixed(0xc0, content.toByteArray());
      }
    };
  }

  /** A field of our own making. */
  static Text of(BigInteger number) {
    var bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return new Text(Bytes.of(bytes, from, bytes.length), 0, 0);
  }

  private static byte[] prefixed(int base, byte[] content) {
    var out = new ByteArrayOutputStream();
    if (content.length <= 55) {
      out.write(base + content.length);
    } else {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
      out.write(base + 55 + bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(content.length >>> (8 * i));
      }
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
