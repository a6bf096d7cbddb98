package io.sharekeep.intent;

import static io.sharekeep.intent.RefusalCode.NOT_CANONICAL;
import static io.sharekeep.intent.RefusalCode.OUT_OF_RANGE;
import static io.sharekeep.intent.RefusalCode.TOO_LARGE;
import static io.sharekeep.intent.RefusalCode.TRAILING_BYTES;
import static io.sharekeep.intent.RefusalCode.TRUNCATED;

import java.math.BigInteger;
import java.util.Arrays;

/** Reads a payload, or a part of it, from front to end, and refuses with the payload's offset. */
final class PayloadReader {
  private final byte[] payload;
  private final int end;
  private int offset;

  PayloadReader(byte[] payload) {
    this(payload, 0, payload.length);
  }

  private PayloadReader(byte[] payload, int from, int end) {
    this.payload = payload;
    this.offset = from;
    this.end = end;
  }

  int offset() {
    return offset;
  }

  int remaining() {
    return end - offset;
  }

  Refusal refusal(RefusalCode code, String detail) {
    return new Refusal(code, offset, detail);
  }

  int u8(String what) {
    need(1, what);
    return payload[offset++] & 0xff;
  }

  /** Without moving on. */
  int peek(String what) {
    need(1, what);
    return payload[offset] & 0xff;
  }

  /** Four bytes, least significant first. */
  long u32(String what) {
    return littleEndian(4, what);
  }

  /** Eight bytes, least significant first; beyond a signed long is refused, no chain needs it. */
  long u64(String what) {
    int at = offset;
    long value = littleEndian(8, what);
    if (value < 0) {
      throw new Refusal(OUT_OF_RANGE, at, what + " is beyond 2^63");
    }
    return value;
  }

  /** Eight bytes, least significant first, all values of them. */
  BigInteger amount(String what) {
    return new BigInteger(Long.toUnsignedString(littleEndian(8, what)));
  }

  byte[] bytes(int length, String what) {
    need(length, what);
    offset += length;
    return Arrays.copyOfRange(payload, offset - length, offset);
  }

  /** The next {@code length} bytes as a reader of their own. */
  PayloadReader part(int length, String what) {
    need(length, what);
    offset += length;
    return new PayloadReader(payload, offset - length, offset);
  }

  /** Bitcoin's variable-length integer in its shortest form, as a count or length. */
  int compactSize(int limit, String what) {
    int at = offset;
    int first = u8(what);
    long value =
        switch (first) {
          case 0xfd -> littleEndian(2, what);
          case 0xfe -> littleEndian(4, what);
          case 0xff -> littleEndian(8, what);
          default -> first;
        };
    long least = first < 0xfd ? 0 : first == 0xfd ? 0xfd : first == 0xfe ? 0x10000 : 0x100000000L;
    if (Long.compareUnsigned(value, least) < 0) {
      throw new Refusal(NOT_CANONICAL, at, what + " is written longer than it needs");
    }
    return limited(value, limit, at, what);
  }

  /**
   * Solana's compact-u16 in its shortest form: seven bits a byte, least significant first.
   *
   * @param limit at most 65535
   */
  int compactU16(int limit, String what) {
    int at = offset;
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int next = u8(what);
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new Refusal(NOT_CANONICAL, at, what + " is written longer than it needs");
        }
        break;
      }
      if (shift == 14) {
        throw new Refusal(NOT_CANONICAL, at, what + " is longer than three bytes");
      }
    }
    return limited(value, limit, at, what);
  }

  void end(String what) {
    if (offset != end) {
      throw refusal(TRAILING_BYTES, (end - offset) + " bytes after the end of " + what);
    }
  }

  private static int limited(long value, int limit, int at, String what) {
    if (Long.compareUnsigned(value, limit) > 0) {
      throw new Refusal(TOO_LARGE, at, what + " is beyond " + limit);
    }
    return (int) value;
  }

  private long littleEndian(int length, String what) {
    need(length, what);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (payload[offset + i] & 0xff);
    }
    offset += length;
    return value;
  }

  private void need(int length, String what) {
    if (end - offset < length) {
      throw new Refusal(TRUNCATED, end, "ends inside " + what);
    }
  }
}
