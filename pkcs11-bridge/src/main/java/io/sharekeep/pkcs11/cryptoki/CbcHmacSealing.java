package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.seal.SealFormat.Layout;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/**
 * Suite 3: AES-CBC under one key of the token, then HMAC-SHA-256 under another, which verifies
 * before anything is decrypted.
 */
final class CbcHmacSealing implements Sealing {
  private final int chunk;

  CbcHmacSealing(int chunk) {
    this.chunk = chunk;
  }

  @Override
  public Layout layout() {
    return new Layout(SealSuite.CBC_HMAC, SealFormat.BLOCK);
  }

  @Override
  public int chunk() {
    return chunk;
  }

  @Override
  public void seal(Call call, MemorySegment plain, MemorySegment out) {
    var session = call.session();
    long key = session.key(call.arena(), call.kek()).handle();
    var length = call.arena().allocate(JAVA_LONG);
    for (int i = 0; i < call.format().chunks(); i++) {
      SealFormat.index(call.chunkAad(), i);
      var iv = Sealing.mixed(session, call.format().iv(out, i));
      var ciphertext = call.format().cipher(out, i);
      var part = plain.asSlice(call.format().plainAt(i), call.format().plainLength(i));
      try (var padded = new LockedMemory(ciphertext.byteSize())) {
        // Whole blocks only. Zeros are enough: the header says how long the plaintext is.
        boolean whole = part.byteSize() == ciphertext.byteSize();
        var blocks = whole ? part : padded.bytes();
        if (!whole) {
          blocks.asSlice(0, part.byteSize()).copyFrom(part);
        }
        length.set(JAVA_LONG, 0, ciphertext.byteSize());
        session.functions().encryptInit(session.handle(), Mechanism.cbc(call.arena(), iv), key);
        session.functions().encrypt(session.handle(), blocks, ciphertext, length);
        Sealing.requireLength("C_Encrypt", length, ciphertext.byteSize());
      }
      call.format().mac(out, i).copyFrom(MemorySegment.ofArray(mac(call, iv, ciphertext)));
    }
  }

  @Override
  public void open(Call call, MemorySegment sealed, MemorySegment out) {
    var session = call.session();
    for (int i = 0; i < call.format().chunks(); i++) {
      SealFormat.index(call.chunkAad(), i);
      var mac = mac(call, call.format().iv(sealed, i), call.format().cipher(sealed, i));
      if (!MessageDigest.isEqual(mac, call.format().mac(sealed, i).toArray(JAVA_BYTE))) {
        throw new SealRejected();
      }
    }
    long key = session.key(call.arena(), call.kek()).handle();
    var iv = call.arena().allocate(SealFormat.BLOCK);
    var length = call.arena().allocate(JAVA_LONG);
    for (int i = 0; i < call.format().chunks(); i++) {
      iv.copyFrom(call.format().iv(sealed, i));
      var ciphertext = call.format().cipher(sealed, i);
      var room = out.asSlice(call.format().plainAt(i), ciphertext.byteSize());
      length.set(JAVA_LONG, 0, room.byteSize());
      session.functions().decryptInit(session.handle(), Mechanism.cbc(call.arena(), iv), key);
      session.functions().decrypt(session.handle(), ciphertext, room, length);
      Sealing.requireLength("C_Decrypt", length, room.byteSize());
    }
  }

  /** Over chunk AAD, IV and ciphertext; none of it is secret. */
  private static byte[] mac(Call call, MemorySegment iv, MemorySegment ciphertext) {
    var session = call.session();
    long key = session.key(call.arena(), SealingKeys.mac(call.kek())).handle();
    var arena = call.arena();
    var message = arena.allocate(SealFormat.AAD + iv.byteSize() + ciphertext.byteSize());
    message.asSlice(0, SealFormat.AAD).copyFrom(call.chunkAad());
    message.asSlice(SealFormat.AAD, iv.byteSize()).copyFrom(iv);
    message.asSlice(SealFormat.AAD + iv.byteSize()).copyFrom(ciphertext);
    var out = arena.allocate(SealFormat.MAC);
    var length = arena.allocateFrom(JAVA_LONG, out.byteSize());
    session.functions().signInit(session.handle(), Mechanism.plain(arena, Ck.CKM_SHA256_HMAC), key);
    session.functions().sign(session.handle(), message, out, length);
    Sealing.requireLength("C_Sign", length, out.byteSize());
    return out.toArray(JAVA_BYTE);
  }
}
