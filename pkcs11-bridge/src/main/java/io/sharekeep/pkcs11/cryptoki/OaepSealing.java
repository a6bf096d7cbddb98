package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.seal.SealFormat.Layout;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.MemorySegment;

/**
 * Suite 4: a data key, fresh for each blob, that only the token's RSA key opens; AES-GCM by
 * libcrypto. The data key lies in locked memory for the length of the call.
 *
 * <p>Whoever has the RSA public key can seal, so a blob's origin is not proven: whoever opens one
 * must hold the plaintext against something else, as the vault holds a share against its public
 * key. The public half is a private object of the token for that reason.
 */
final class OaepSealing implements Sealing {
  private static final int KEY = 32;

  private final int chunk;
  private final Libcrypto libcrypto = new Libcrypto();

  OaepSealing(int chunk) {
    this.chunk = chunk;
  }

  @Override
  public Layout layout() {
    return new Layout(SealSuite.RSA_OAEP_GCM, SealFormat.GCM_IV);
  }

  @Override
  public int chunk() {
    return chunk;
  }

  @Override
  public void seal(Call call, MemorySegment plain, MemorySegment out) {
    var session = call.session();
    var spki =
        RsaPublicKey.read(session, call.arena(), call.kek())
            .orElseThrow(
                () -> new KeyMissing(session.token(), "public half of " + call.kek().name()));
    try (var room = new LockedMemory(KEY)) {
      var key = Sealing.mixed(session, room.bytes());
      libcrypto.oaep(spki, key, call.format().sealedKey(out));
      for (int i = 0; i < call.format().chunks(); i++) {
        SealFormat.index(call.chunkAad(), i);
        libcrypto.seal(
            key,
            Sealing.mixed(session, call.format().iv(out, i)),
            call.chunkAad(),
            plain.asSlice(call.format().plainAt(i), call.format().plainLength(i)),
            call.format().cipher(out, i));
      }
    }
  }

  @Override
  public void open(Call call, MemorySegment sealed, MemorySegment out) {
    try (var room = new LockedMemory(SealFormat.SEALED_KEY)) {
      var key = dataKey(call, call.format().sealedKey(sealed), room.bytes());
      for (int i = 0; i < call.format().chunks(); i++) {
        SealFormat.index(call.chunkAad(), i);
        var part = out.asSlice(call.format().plainAt(i), call.format().plainLength(i));
        if (!libcrypto.open(
            key,
            call.format().iv(sealed, i),
            call.chunkAad(),
            call.format().cipher(sealed, i),
            part)) {
          throw new SealRejected();
        }
      }
    }
  }

  private static MemorySegment dataKey(Call call, MemorySegment wrapped, MemorySegment room) {
    var session = call.session();
    long key = session.key(call.arena(), SealingKeys.rsa(call.kek())).handle();
    var length = call.arena().allocateFrom(JAVA_LONG, room.byteSize());
    session.functions().decryptInit(session.handle(), Mechanism.oaep(call.arena()), key);
    try {
      session.functions().decrypt(session.handle(), wrapped, room, length);
    } catch (CkException e) {
      throw Sealing.refused(session, e);
    }
    if (length.get(JAVA_LONG, 0) != KEY) {
      throw new SealRejected();
    }
    return room.asSlice(0, KEY);
  }
}
