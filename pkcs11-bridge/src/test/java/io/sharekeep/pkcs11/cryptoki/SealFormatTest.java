package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seal format v1 read from its description alone, by the JDK's AES-GCM, with a key that this test
 * made readable. Blobs lie on disk for years: this is what must not change unnoticed.
 */
@SoftTokens
final class SealFormatTest {
  private static final String ID = "000102030405060708090a0b0c0d0e0f";
  private static final int CHUNK = 16 * 1024;

  private final SoftHsmTokens tokens;

  SealFormatTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, CHUNK, 2 * CHUNK + 77})
  void aBlobIsWhatTheDescriptionSaysAndTheOtherWayRound(int size) throws Exception {
    var aad = new byte[] {9, 8, 7};
    var kek = new KeyRef(KeySpec.KEK.name(), ID);
    try (var bench = Bench.core(tokens);
        var token = bench.open();
        var arena = Arena.ofConfined()) {
      var key = readableKey(bench);
      var plain = new byte[size];
      new SplittableRandom(size).nextBytes(plain);
      var out = arena.allocate(token.sealedSize(kek, size));
      token.seal(kek, arena.allocateFrom(JAVA_BYTE, plain), Aad.of(aad), out);
      var blob = out.toArray(JAVA_BYTE);
      assertEquals("534b533101010000" + ID, HexFormat.of().formatHex(blob, 0, 24));
      assertArrayEquals(plain, opened(key, blob, aad));

      var ours = sealed(key, plain, aad, 4096);
      var opened = arena.allocate(size + token.openSlack(kek));
      assertEquals(size, token.open(kek, arena.allocateFrom(JAVA_BYTE, ours), Aad.of(aad), opened));
      assertArrayEquals(plain, opened.asSlice(0, size).toArray(JAVA_BYTE));
      token.destroy(kek);
    }
  }

  /** Before any tag is looked at, and though every tag covers the header. */
  @Test
  void aHeaderOfAnotherSuiteIvOrKeyOrWithOddLengthsIsNotRead() {
    var kek = new KeyRef(KeySpec.KEK.name(), ID);
    var layout = SealFormat.Layout.GCM_CALLER;
    var format = SealFormat.fresh(layout, CHUNK, kek, new byte[16], 100);
    var blob = MemorySegment.ofArray(Arrays.copyOf(format.header(), layout.blob(100, CHUNK)));
    assertTrue(SealFormat.read(layout, kek, blob).isPresent());
    var other = new KeyRef(KeySpec.KEK.name(), "00".repeat(16));
    assertTrue(SealFormat.read(layout, other, blob).isEmpty());
    for (int at : new int[] {0, 4, 5, 6, 7, 8, 23, 40, 41, 44, 47}) {
      byte was = blob.get(JAVA_BYTE, at);
      blob.set(JAVA_BYTE, at, (byte) (was ^ 1));
      assertTrue(SealFormat.read(layout, kek, blob).isEmpty(), "byte " + at);
      blob.set(JAVA_BYTE, at, was);
    }
    assertTrue(SealFormat.read(layout, kek, blob.asSlice(0, 47)).isEmpty());
  }

  private static byte[] opened(byte[] key, byte[] blob, byte[] aad) throws Exception {
    var in = ByteBuffer.wrap(blob);
    int total = in.getInt(40);
    int chunk = in.getInt(44);
    var header = Arrays.copyOf(blob, 48);
    var plain = new ByteArrayOutputStream();
    int at = 48;
    for (int i = 0; plain.size() < total; i++) {
      int length = Math.min(chunk, total - plain.size());
      var gcm = gcm(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(blob, at, at + 12));
      gcm.updateAAD(chunkAad(header, aad, i));
      plain.write(gcm.doFinal(blob, at + 12, length + 16));
      at += 12 + length + 16;
    }
    assertEquals(blob.length, at);
    return plain.toByteArray();
  }

  /** With chunks of another size than ours: a reader goes by the header. */
  private static byte[] sealed(byte[] key, byte[] plain, byte[] aad, int chunk) throws Exception {
    var header =
        ByteBuffer.allocate(48)
            .put(HexFormat.of().parseHex("534b533101010000" + ID))
            .put(HexFormat.of().parseHex("f0".repeat(16)))
            .putInt(plain.length)
            .putInt(chunk)
            .array();
    var out = new ByteArrayOutputStream();
    out.write(header);
    for (int i = 0; i * chunk < plain.length; i++) {
      var iv = ByteBuffer.allocate(12).putInt(i).array();
      var gcm = gcm(Cipher.ENCRYPT_MODE, key, iv);
      gcm.updateAAD(chunkAad(header, aad, i));
      out.write(iv);
      out.write(gcm.doFinal(plain, i * chunk, Math.min(chunk, plain.length - i * chunk)));
    }
    return out.toByteArray();
  }

  private static Cipher gcm(int mode, byte[] key, byte[] iv) throws Exception {
    var gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    return gcm;
  }

  private static byte[] chunkAad(byte[] header, byte[] aad, int i) throws Exception {
    var framed = new ByteArrayOutputStream();
    var data = new DataOutputStream(framed);
    data.writeBytes("sharekeep.seal.v1");
    data.write(0);
    data.write(header);
    data.writeInt(aad.length);
    data.write(aad);
    var hash = MessageDigest.getInstance("SHA-256").digest(framed.toByteArray());
    return ByteBuffer.allocate(36).put(hash).putInt(i).array();
  }

  private static byte[] readableKey(Bench bench) {
    var value = new AtomicReference<>(new byte[0]);
    bench.inSession(raw -> {
      var arena = raw.arena();
      var handle = arena.allocate(JAVA_LONG);
      raw.functions()
          .generateKey(
              raw.handle(),
              Mechanism.plain(arena, Ck.CKM_AES_KEY_GEN),
              Template.in(arena)
                  .numbers(Attribute.CLASS, Ck.CKO_SECRET_KEY)
                  .numbers(Attribute.KEY_TYPE, Ck.CKK_AES)
                  .numbers(Attribute.VALUE_LEN, 32)
                  .text(Attribute.LABEL, "kek")
                  .bytes(Attribute.ID, HexFormat.of().parseHex(ID))
                  .flags(true, Attribute.TOKEN, Attribute.PRIVATE, Attribute.EXTRACTABLE)
                  .flags(true, Attribute.ENCRYPT, Attribute.DECRYPT)
                  .flags(false, Attribute.SENSITIVE)
                  .build(),
              handle);
      var room = arena.allocate(32);
      var template = Template.reading(arena, Attribute.VALUE, room);
      raw.functions().attributeValue(raw.handle(), handle.get(JAVA_LONG, 0), template);
      value.set(room.toArray(JAVA_BYTE));
    });
    return value.get();
  }
}
