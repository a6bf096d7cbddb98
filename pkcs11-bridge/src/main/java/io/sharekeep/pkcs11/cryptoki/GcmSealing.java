package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.profile.Profile.Gcm;
import io.sharekeep.pkcs11.profile.Profile.IvMode;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.seal.SealFormat.Layout;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Suites 1 and 2: AES-GCM in the token. */
final class GcmSealing implements Sealing {
  private final Gcm gcm;
  private volatile Gcm.Form form;

  GcmSealing(Gcm gcm) {
    this.gcm = gcm;
    this.form = gcm.form();
  }

  @Override
  public Layout layout() {
    return switch (gcm.iv()) {
      case IvMode.Caller _ -> Layout.GCM_CALLER;
      case IvMode.ReadBack _ -> new Layout(SealSuite.GCM_TOKEN_IV, SealFormat.GCM_IV);
      case IvMode.Appended(int bytes) -> new Layout(SealSuite.GCM_TOKEN_IV, bytes);
    };
  }

  @Override
  public int chunk() {
    return gcm.maxChunk();
  }

  @Override
  public void seal(Call call, MemorySegment plain, MemorySegment out) {
    for (int i = 0; i < call.format().chunks(); i++) {
      SealFormat.index(call.chunkAad(), i);
      var chunk = plain.asSlice(call.format().plainAt(i), call.format().plainLength(i));
      var iv = call.format().iv(out, i);
      var ciphertext = call.format().cipher(out, i);
      switch (gcm.iv()) {
        case IvMode.Caller _ -> {
          encrypt(call, Sealing.mixed(call.session(), iv), chunk, ciphertext);
        }
        case IvMode.ReadBack _ -> {
          encrypt(call, iv.fill((byte) 0), chunk, ciphertext);
        }
        case IvMode.Appended(int bytes) -> {
          var room = call.arena().allocate(ciphertext.byteSize() + bytes);
          encrypt(call, MemorySegment.NULL, chunk, room);
          ciphertext.copyFrom(room.asSlice(0, ciphertext.byteSize()));
          iv.copyFrom(room.asSlice(ciphertext.byteSize()));
        }
      }
      requireIv(call, iv);
    }
  }

  /** Two plaintexts under one IV give each other away, and the key's tags with them. */
  private static void requireIv(Call call, MemorySegment iv) {
    for (long i = 0; i < iv.byteSize(); i++) {
      if (iv.get(JAVA_BYTE, i) != 0) {
        return;
      }
    }
    throw new Unsupported(
        call.session().token(), "an IV of its own: it silently used zeros, which is never safe");
  }

  private void encrypt(Call call, MemorySegment iv, MemorySegment plain, MemorySegment out) {
    var session = call.session();
    long key = session.key(call.arena(), call.kek()).handle();
    begin(call, iv, mechanism -> session.functions().encryptInit(session.handle(), mechanism, key));
    var length = call.arena().allocateFrom(JAVA_LONG, out.byteSize());
    session.functions().encrypt(session.handle(), plain, out, length);
    Sealing.requireLength("C_Encrypt", length, out.byteSize());
  }

  @Override
  public void open(Call call, MemorySegment sealed, MemorySegment out) {
    var session = call.session();
    long key = session.key(call.arena(), call.kek()).handle();
    var iv = call.arena().allocate(layout().iv());
    var length = call.arena().allocate(JAVA_LONG);
    for (int i = 0; i < call.format().chunks(); i++) {
      SealFormat.index(call.chunkAad(), i);
      iv.copyFrom(call.format().iv(sealed, i));
      var ciphertext = call.format().cipher(sealed, i);
      // As long as the ciphertext: SoftHSM refuses less, and leaves the session poisoned.
      var room = out.asSlice(call.format().plainAt(i), ciphertext.byteSize());
      length.set(JAVA_LONG, 0, room.byteSize());
      begin(
          call, iv, mechanism -> session.functions().decryptInit(session.handle(), mechanism, key));
      try {
        session.functions().decrypt(session.handle(), ciphertext, room, length);
      } catch (CkException e) {
        throw Sealing.refused(session, e);
      }
      Sealing.requireLength("C_Decrypt", length, call.format().plainLength(i));
    }
  }

  /** Starts an operation with the parameters that this token reads, found out once if unknown. */
  private void begin(Call call, MemorySegment iv, Consumer<MemorySegment> start) {
    if (form != Gcm.Form.AUTO) {
      start.accept(mechanism(call.arena(), iv, call.chunkAad(), form));
      return;
    }
    try {
      start.accept(mechanism(call.arena(), iv, call.chunkAad(), Gcm.Form.WITH_IV_BITS));
      form = Gcm.Form.WITH_IV_BITS;
    } catch (CkException e) {
      if (e.rv() != Ck.ARGUMENTS_BAD && e.rv() != Ck.MECHANISM_PARAM_INVALID) {
        throw e;
      }
      start.accept(mechanism(call.arena(), iv, call.chunkAad(), Gcm.Form.WITHOUT_IV_BITS));
      form = Gcm.Form.WITHOUT_IV_BITS;
    }
  }

  private MemorySegment mechanism(
      Arena arena, MemorySegment iv, MemorySegment aad, Gcm.Form parameters) {
    return parameters == Gcm.Form.WITHOUT_IV_BITS
        ? Mechanism.gcmWithoutIvBits(arena, iv, aad)
        : Mechanism.gcm(arena, iv, gcm.ivBitsSet(), aad);
  }
}
