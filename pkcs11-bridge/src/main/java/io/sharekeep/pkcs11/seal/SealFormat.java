package io.sharekeep.pkcs11.seal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.SealSuite;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Seal format v1, big-endian.
 *
 * <pre>
 * header 48 B: "SKS1" | u8 version=1 | u8 suite | u16 iv | kekId[16] | blobNonce[16] | u32 total | u32 chunk
 * suite 4 alone: the data key, sealed by RSA-OAEP, 384 B
 * then per chunk
 *   suites 1, 2, 4: iv | ct | tag[16]       iv has 12 bytes; in suite 2 as many as the header says
 *   suite 3:        iv[16] | ct, padded with zeros to whole blocks | mac[32]
 * chunkAad(i) = SHA-256("sharekeep.seal.v1" | 00 | header | u32 len(aad) | aad) | u32 i
 * mac = HMAC-SHA-256(chunkAad(i) | iv | ct)
 * </pre>
 *
 * <p>{@code blobNonce} is fresh for every seal: without it, two seals of equal length under equal
 * AAD could have their chunks mixed. The header is authenticated with every chunk, so its lengths
 * are only believed as far as they fit the blob that is there. Its {@code iv} is zero but in suite
 * 2, where tokens differ.
 */
public record SealFormat(byte[] header, Layout layout, int total, int chunk) {
  public static final int HEADER = 48;
  public static final int TAG = 16;
  public static final int NONCE = 16;
  public static final int AAD = 36;

  /** Bytes of an IV that we choose for GCM. */
  public static final int GCM_IV = 12;

  /** Bytes of a cipher block, of an IV for CBC. */
  public static final int BLOCK = 16;

  /** Bytes of an HMAC-SHA-256. */
  public static final int MAC = 32;

  /** Bytes of a data key that a 3072-bit RSA key has sealed. */
  public static final int SEALED_KEY = 384;

  private static final int MIN_CHUNK = 1024;
  private static final int MAGIC = 0x534b5331;
  private static final byte VERSION = 1;
  private static final int KEK_ID_AT = 8;
  private static final byte[] DOMAIN = "sharekeep.seal.v1\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * What a token's profile fixes of its blobs.
   *
   * @param iv bytes of a chunk's IV
   */
  public record Layout(SealSuite suite, int iv) {
    public Layout {
      boolean fits =
          switch (suite) {
            case GCM, RSA_OAEP_GCM -> iv == GCM_IV;
            case GCM_TOKEN_IV -> iv == GCM_IV || iv == BLOCK;
            case CBC_HMAC -> iv == BLOCK;
          };
      if (!fits) {
        throw new IllegalArgumentException("suite " + suite + " has no IV of " + iv + " bytes");
      }
    }

    /** Suite 1. */
    public static final Layout GCM_CALLER = new Layout(SealSuite.GCM, GCM_IV);

    /** What the header says of the IV. */
    private short inHeader() {
      return suite == SealSuite.GCM_TOKEN_IV ? (short) iv : 0;
    }

    /** Bytes between the header and the first chunk. */
    int preamble() {
      return suite == SealSuite.RSA_OAEP_GCM ? SEALED_KEY : 0;
    }

    /** Bytes of ciphertext without tag or MAC. */
    int cipher(int plain) {
      return suite == SealSuite.CBC_HMAC ? (plain + BLOCK - 1) / BLOCK * BLOCK : plain;
    }

    /** Bytes of a whole chunk in the blob. */
    int sealed(int plain) {
      return iv + cipher(plain) + (suite == SealSuite.CBC_HMAC ? MAC : TAG);
    }

    /** Bytes of a blob. */
    public int blob(int total, int chunk) {
      requireLength(total);
      int whole = total / chunk;
      int rest = total % chunk;
      return HEADER + preamble() + whole * sealed(chunk) + (rest == 0 ? 0 : sealed(rest));
    }
  }

  /** The header of a new blob. */
  public static SealFormat fresh(
      Layout layout, int chunk, KeyRef kek, byte[] blobNonce, int total) {
    requireLength(total);
    var header =
        ByteBuffer.allocate(HEADER)
            .putInt(MAGIC)
            .put(VERSION)
            .put((byte) layout.suite().number())
            .putShort(layout.inHeader())
            .put(kek.idBytes())
            .put(blobNonce)
            .putInt(total)
            .putInt(chunk);
    return new SealFormat(header.array(), layout, total, chunk);
  }

  /**
   * Reads a header, or nothing if the blob cannot be one sealed under {@code kek}.
   *
   * @param layout the only one that is accepted: a key serves one suite
   */
  public static Optional<SealFormat> read(Layout layout, KeyRef kek, MemorySegment sealed) {
    if (sealed.byteSize() < HEADER) {
      return Optional.empty();
    }
    var header = sealed.asSlice(0, HEADER).toArray(JAVA_BYTE);
    var in = ByteBuffer.wrap(header);
    if (in.getInt() != MAGIC
        || in.get() != VERSION
        || in.get() != layout.suite().number()
        || in.getShort() != layout.inHeader()
        || !Arrays.equals(
            header, KEK_ID_AT, KEK_ID_AT + KeyRef.ID_LENGTH, kek.idBytes(), 0, KeyRef.ID_LENGTH)) {
      return Optional.empty();
    }
    int total = in.getInt(HEADER - 8);
    int chunk = in.getInt(HEADER - 4);
    if (total < 1
        || total > Token.MAX_PLAIN
        || chunk < MIN_CHUNK
        || chunk > Token.MAX_PLAIN
        || chunk % BLOCK != 0) {
      return Optional.empty();
    }
    return sealed.byteSize() == layout.blob(total, chunk)
        ? Optional.of(new SealFormat(header, layout, total, chunk))
        : Optional.empty();
  }

  /** The id of the key that a blob says it was sealed under, whatever its suite. */
  public static Optional<String> kekId(MemorySegment sealed) {
    if (sealed.byteSize() < HEADER) {
      return Optional.empty();
    }
    var in = ByteBuffer.wrap(sealed.asSlice(0, HEADER).toArray(JAVA_BYTE));
    return in.getInt() == MAGIC && in.get() == VERSION
        ? Optional.of(HexFormat.of().formatHex(in.array(), KEK_ID_AT, KEK_ID_AT + KeyRef.ID_LENGTH))
        : Optional.empty();
  }

  /** How many encryptions a blob of this length takes. */
  public int chunks() {
    return (total + chunk - 1) / chunk;
  }

  /** Where chunk {@code i} of the plaintext begins. */
  public int plainAt(int i) {
    return i * chunk;
  }

  /** How long it is there. */
  public int plainLength(int i) {
    return Math.min(chunk, total - i * chunk);
  }

  /** The data key of suite 4. */
  public MemorySegment sealedKey(MemorySegment blob) {
    return blob.asSlice(HEADER, SEALED_KEY);
  }

  /** The IV of chunk {@code i} in a blob. */
  public MemorySegment iv(MemorySegment blob, int i) {
    return blob.asSlice(at(i), layout.iv());
  }

  /** Its ciphertext, with the tag behind it where the suite has one. */
  public MemorySegment cipher(MemorySegment blob, int i) {
    int length = layout.cipher(plainLength(i));
    return blob.asSlice(
        at(i) + layout.iv(), layout.suite() == SealSuite.CBC_HMAC ? length : length + TAG);
  }

  /** Its MAC in suite 3. */
  public MemorySegment mac(MemorySegment blob, int i) {
    return blob.asSlice(at(i) + layout.iv() + layout.cipher(plainLength(i)), MAC);
  }

  private long at(int i) {
    return HEADER + layout.preamble() + (long) i * layout.sealed(chunk);
  }

  /** Writes what every chunk's AAD begins with, and index 0. */
  public void bind(Aad aad, MemorySegment chunkAad) {
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
  public static void index(MemorySegment chunkAad, int i) {
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
