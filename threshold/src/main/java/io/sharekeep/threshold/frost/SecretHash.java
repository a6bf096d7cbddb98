package io.sharekeep.threshold.frost;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.SecretOps;
import java.lang.foreign.MemorySegment;

/**
 * H3 of RFC 9591 over two secrets of 32 bytes each: input, state and output lie on slabs. Lengths
 * and labels are public, and nothing branches on a byte of the secrets.
 */
final class SecretHash {
  private static final int SECRET = 32;
  private static final int WIDE = 64;

  private SecretHash() {}

  /** SHA-512(label ‖ first ‖ second), little-endian, mod q: Ed25519, RFC 9591 section 6.1. */
  static void sha512(
      SecretOps ops,
      Scratch scratch,
      byte[] label,
      MemorySegment first,
      MemorySegment second,
      MemorySegment out) {
    try (var message = scratch.borrow(label.length + 2 * SECRET);
        var wide = scratch.borrow(WIDE)) {
      var m = message.bytes();
      put(label, m, 0);
      MemorySegment.copy(first, 0, m, label.length, SECRET);
      MemorySegment.copy(second, 0, m, label.length + SECRET, SECRET);
      ops.sha512(scratch, m, wide.bytes());
      ops.reduce(scratch, wide.bytes(), out);
    }
  }

  /**
   * hash_to_field by expand_message_xmd with SHA-256 and the label as DST: secp256k1, RFC 9591
   * section 6.5 and RFC 9380 section 5.
   */
  static void expandMessage(
      SecretOps ops,
      Scratch scratch,
      byte[] dst,
      MemorySegment first,
      MemorySegment second,
      MemorySegment out) {
    int zeros = 64;
    var suffix = PublicHash.join(dst, new byte[] {(byte) dst.length});
    var length = new byte[] {0, PublicHash.FIELD_LENGTH, 0};
    try (var initial = scratch.borrow(zeros + 2 * SECRET + length.length + suffix.length);
        var block = scratch.borrow(SECRET + 1 + suffix.length);
        var b0 = scratch.borrow(SECRET);
        var uniform = scratch.borrow(2 * SECRET);
        var wide = scratch.borrow(WIDE)) {
      var m = initial.bytes();
      MemorySegment.copy(first, 0, m, zeros, SECRET);
      MemorySegment.copy(second, 0, m, zeros + SECRET, SECRET);
      put(length, m, zeros + 2 * SECRET);
      put(suffix, m, zeros + 2 * SECRET + length.length);
      ops.sha256(scratch, m, b0.bytes());

      var b = block.bytes();
      put(suffix, b, SECRET + 1);
      MemorySegment.copy(b0.bytes(), 0, b, 0, SECRET);
      b.set(JAVA_BYTE, SECRET, (byte) 1);
      var b1 = uniform.bytes().asSlice(0, SECRET);
      ops.sha256(scratch, b, b1);
      for (int i = 0; i < SECRET; i++) {
        b.set(JAVA_BYTE, i, (byte) (b0.bytes().get(JAVA_BYTE, i) ^ b1.get(JAVA_BYTE, i)));
      }
      b.set(JAVA_BYTE, SECRET, (byte) 2);
      ops.sha256(scratch, b, uniform.bytes().asSlice(SECRET, SECRET));

      int padding = WIDE - PublicHash.FIELD_LENGTH;
      MemorySegment.copy(uniform.bytes(), 0, wide.bytes(), padding, PublicHash.FIELD_LENGTH);
      ops.reduce(scratch, wide.bytes(), out);
    }
  }

  private static void put(byte[] from, MemorySegment to, long offset) {
    MemorySegment.copy(from, 0, to, JAVA_BYTE, offset, from.length);
  }
}
