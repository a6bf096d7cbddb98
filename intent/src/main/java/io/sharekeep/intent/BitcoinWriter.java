package io.sharekeep.intent;

import java.io.ByteArrayOutputStream;

/** Bitcoin's little-endian fields and shortest compact sizes. */
final class BitcoinWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  BitcoinWriter u8(int value) {
    out.write(value);
    return this;
  }

  BitcoinWriter u32(long value) {
    return littleEndian(value, 4);
  }

  BitcoinWriter u64(long value) {
    return littleEndian(value, 8);
  }

  BitcoinWriter compactSize(int value) {
    if (value < 0xfd) {
      return u8(value);
    }
    return value <= 0xffff ? u8(0xfd).littleEndian(value, 2) : u8(0xfe).littleEndian(value, 4);
  }

  BitcoinWriter bytes(Bytes bytes) {
    out.writeBytes(bytes.toArray());
    return this;
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  private BitcoinWriter littleEndian(long value, int length) {
    for (int i = 0; i < length; i++) {
      out.write((int) (value >>> (8 * i)) & 0xff);
    }
    return this;
  }
}
