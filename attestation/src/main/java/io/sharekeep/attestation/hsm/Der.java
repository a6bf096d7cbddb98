package io.sharekeep.attestation.hsm;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** DER (X.690), as little of it as evidence needs; strict, and bounded in depth by its callers. */
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int OID = 0x06;
  static final int UTF8 = 0x0c;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xa0;
  static final int CONTEXT_1 = 0xa1;
  static final int CONTEXT_2 = 0xa2;

  private final byte[] input;
  private int position;
  private final int end;

  private Der(byte[] input, int from, int to) {
    this.input = input;
    this.position = from;
    this.end = to;
  }

  /** One value with the tag and nothing after it; what it holds is read by {@code reader}. */
  static <T> Optional<T> read(byte[] der, Reader<T> reader) {
    try {
      var in = new Der(der, 0, der.length);
      var value = reader.read(in);
      return in.atEnd() ? Optional.of(value) : Optional.empty();
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** Makes a value of what comes next. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Der in) throws Malformed;
  }

  boolean atEnd() {
    return position == end;
  }

  /** The tag that comes next; -1 at the end. */
  int peek() {
    return atEnd() ? -1 : input[position] & 0xff;
  }

  /** What a constructed value holds. */
  Der enter(int tag) throws Malformed {
    int length = head(tag);
    position += length;
    return new Der(input, position - length, position);
  }

  byte[] content(int tag) throws Malformed {
    int length = head(tag);
    position += length;
    return Arrays.copyOfRange(input, position - length, position);
  }

  /** The next value whole, with its head. */
  byte[] whole(int tag) throws Malformed {
    int start = position;
    int length = head(tag);
    position += length;
    return Arrays.copyOfRange(input, start, position);
  }

  <T> List<T> all(Reader<T> reader) throws Malformed {
    var values = new ArrayList<T>();
    while (!atEnd()) {
      values.add(reader.read(this));
    }
    return values;
  }

  String oid() throws Malformed {
    byte[] bytes = content(OID);
    if (bytes.length == 0 || bytes.length > 64 || (bytes[bytes.length - 1] & 0x80) != 0) {
      throw new Malformed();
    }
    var text = new StringBuilder();
    long arc = 0;
    boolean first = true;
    for (byte b : bytes) {
      if (arc > Long.MAX_VALUE >> 8) {
        throw new Malformed();
      }
      arc = arc << 7 | (b & 0x7f);
      if ((b & 0x80) == 0) {
        if (first) {
          long root = Math.min(arc / 40, 2);
          text.append(root).append('.').append(arc - 40 * root);
          first = false;
        } else {
          text.append('.').append(arc);
        }
        arc = 0;
      }
    }
    return text.toString();
  }

  boolean bool() throws Malformed {
    byte[] bytes = content(BOOLEAN);
    if (bytes.length != 1 || (bytes[0] != 0 && bytes[0] != -1)) {
      throw new Malformed();
    }
    return bytes[0] != 0;
  }

  BigInteger integer() throws Malformed {
    byte[] bytes = content(INTEGER);
    if (bytes.length == 0
        || (bytes.length > 1
            && (bytes[0] == 0 || bytes[0] == -1)
            && (bytes[0] < 0) == (bytes[1] < 0))) {
      throw new Malformed();
    }
    return new BigInteger(bytes);
  }

  void end() throws Malformed {
    if (!atEnd()) {
      throw new Malformed();
    }
  }

  private int head(int tag) throws Malformed {
    if (peek() != tag || end - position < 2) {
      throw new Malformed();
    }
    position++;
    int length = input[position++] & 0xff;
    if (length > 0x83 || length == 0x80) {
      throw new Malformed();
    }
    if (length > 0x80) {
      int bytes = length - 0x80;
      if (end - position < bytes) {
        throw new Malformed();
      }
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | (input[position++] & 0xff);
      }
      if (length < 0x80 || length < 1 << (8 * (bytes - 1))) {
        throw new Malformed();
      }
    }
    if (length > end - position) {
      throw new Malformed();
    }
    return length;
  }

  /** Never leaves this package. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super("not DER", null, false, false);
    }
  }
}
