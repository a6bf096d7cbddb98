package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seal format v1, suite 1, big-endian.
 *
 * <pre>
 * header 48 B: "SKS1" | u8 version=1 | u8 suite=1 | u16 0 | kekId[16] | blobNonce[16] | u32 total | u32 chunk
 * then per chunk: iv[12] | ct | tag[16]
 * chunkAad(i) = SHA-256("sharekeep.seal.v1" | 00 | header | u32 len(aad) | aad) | u32 i
 * </pre>
 *
 * <p>{@code blobNonce} is fresh for every seal: without it, two seals of equal length under equal
 * AAD could have their chunks mixed. The header is authenticated with every chunk, so its lengths
 * are only believed as far as they fit the blob that is there.
 */
record SealFormat(byte[] header, int total, int chunk) {
  static final int HEADER = 48;
  static final int IV = 12;
  static final int TAG = 16;
  static final int OVERHEAD = IV + TAG;
  static final int NONCE = 16;
  static final int AAD = 36;

  /** What we seal with. Some tokens take no more than this in one call. */
  static final int CHUNK = 16 * 1024;

  private static final int MIN_CHUNK = 1024;
  private static final int MAGIC = 0x534b5331;
  private static final byte VERSION = 1;
  private static final byte SUITE = 1;
  private static final int KEK_ID_AT = 8;
  private static final byte[] DOMAIN = "sharekeep.seal.v1\0".getBytes(StandardCharsets.US_ASCII);

  /** The header of a new blob. */
  static SealFormat fresh(KeyRef kek, byte[] blobNonce, int total) {
    requireLength(total);
    var header =
        ByteBuffer.allocate(HEADER)
            .putInt(MAGIC)
            .put(VERSION)
            .put(SUITE)
            .putShort((short) 0)
            .put(kek.idBytes())
            .put(blobNonce)
            .putInt(total)
            .putInt(CHUNK);
    return new SealFormat(header.array(), total, CHUNK);
  }

  /** Reads a header, or nothing if the blob cannot be one sealed under {@code kek}. */
  static Optional<SealFormat> read(KeyRef kek, MemorySegment sealed) {
    if (sealed.byteSize() < HEADER) {
      return Optional.empty();
    }
    var header = sealed.asSlice(0, HEADER).toArray(JAVA_BYTE);
    var in = ByteBuffer.wrap(header);
    if (in.getInt() != MAGIC
        || in.get() != VERSION
        || in.get() != SUITE
        || in.getShort() != 0
        || !Arrays.equals(
            header, KEK_ID_AT, KEK_ID_AT + KeyRef.ID_LENGTH, kek.idBytes(), 0, KeyRef.ID_LENGTH)) {
      return Optional.empty();
    }
    int total = in.getInt(HEADER - 8);
    int chunk = in.getInt(HEADER - 4);
    if (total < 1 || total > Token.MAX_PLAIN || chunk < MIN_CHUNK || chunk > Token.MAX_PLAIN) {
      return Optional.empty();
    }
    var format = new SealFormat(header, total, chunk);
    return sealed.byteSize() == format.sealedSize() ? Optional.of(format) : Optional.empty();
  }

  static int sealedSize(int total) {
    requireLength(total);
    return HEADER + total + chunks(total) * OVERHEAD;
  }

  /** How many encryptions a new blob of this length takes. */
  static int chunks(int total) {
    return (total + CHUNK - 1) / CHUNK;
  }

  int sealedSize() {
    return HEADER + total + chunks() * OVERHEAD;
  }

  int chunks() {
    return (total + chunk - 1) / chunk;
  }

  /** Where chunk {@code i} of the plaintext begins. */
  int plainAt(int i) {
    return i * chunk;
  }

  /** How long it is there. */
  int plainLength(int i) {
    return Math.min(chunk, total - i * chunk);
  }

  /** Where its IV begins in the blob. */
  int sealedAt(int i) {
    return HEADER + i * (chunk + OVERHEAD);
  }

  /** Writes what every chunk's AAD begins with, and index 0. */
  void bind(Aad aad, MemorySegment chunkAad) {
    var sha256 = sha256();
    sha256.update(DOMAIN);
    sha256.update(header);
    var bytes = aad.bytes();
    sha256.update(ByteBuffer.allocate(4).putInt(bytes.remaining()).flip());
    sha256.update(bytes);
    chunkAad.copyFrom(MemorySegment.ofArray(sha256.digest()));
    index(chunkAad, 0);
  }

  /** Makes it the AAD of chunk {@code i}. */
  static void index(MemorySegment chunkAad, int i) {
    chunkAad
        .asSlice(AAD - 4)
        .copyFrom(MemorySegment.ofArray(ByteBuffer.allocate(4).putInt(i).array()));
  }

  private static void requireLength(int total) {
    if (total < 1 || total > Token.MAX_PLAIN) {
      throw new IllegalArgumentException(
          "a plaintext has 1 to " + Token.MAX_PLAIN + " bytes, not " + total);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
