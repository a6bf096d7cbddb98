package io.sharekeep.threshold.wire;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A payload that is a CBOR map {1: bytes, 2: bytes, …} of byte strings whose lengths are agreed.
 * The few bytes of CBOR around them are written and checked in place, so that no secret leaves its
 * slab and nothing long is copied.
 */
public final class FixedFields {
  private final int[] offsets;
  private final int[] lengths;
  private final byte[][] headers;
  private final int length;

  /**
   * @param lengths in bytes, of at most 23 fields
   */
  public FixedFields(int... lengths) {
    if (lengths.length < 1 || lengths.length > 23) {
      throw new IllegalArgumentException("a map of 1 to 23 fields");
    }
    this.lengths = lengths.clone();
    this.offsets = new int[lengths.length];
    this.headers = new byte[lengths.length][];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      headers[i] = header(i, lengths.length, lengths[i]);
      at += headers[i].length;
      offsets[i] = at;
      at += lengths[i];
    }
    this.length = at;
  }

  private static byte[] header(int index, int fields, int length) {
    var header = new ByteArrayOutputStream();
    if (index == 0) {
      header.write(0xa0 | fields);
    }
    header.write(index + 1);
    if (length < 24) {
      header.write(0x40 | length);
    } else if (length < 1 << 8) {
      header.write(0x58);
      header.write(length);
    } else if (length < 1 << 16) {
      header.write(0x59);
      header.write(length >> 8);
      header.write(length);
    } else {
      header.write(0x5a);
      header.write(length >> 24);
      header.write(length >> 16);
      header.write(length >> 8);
      header.write(length);
    }
    return header.toByteArray();
  }

  /** Bytes of the payload. */
  public int length() {
    return length;
  }

  /** Where a field lies, numbered from 0. */
  public MemorySegment field(MemorySegment payload, int index) {
    return payload.asSlice(offsets[index], lengths[index]);
  }

  /** Writes what is not content. */
  public void frame(MemorySegment payload) {
    for (int i = 0; i < headers.length; i++) {
      int from = offsets[i] - headers[i].length;
      MemorySegment.copy(headers[i], 0, payload, ValueLayout.JAVA_BYTE, from, headers[i].length);
    }
  }

  /** Whether a payload is of this form. */
  public boolean framed(MemorySegment payload) {
    boolean same = payload.byteSize() == length;
    for (int i = 0; same && i < headers.length; i++) {
      var header = MemorySegment.ofArray(headers[i]);
      same =
          payload.asSlice(offsets[i] - headers[i].length, headers[i].length).mismatch(header) == -1;
    }
    return same;
  }
}
