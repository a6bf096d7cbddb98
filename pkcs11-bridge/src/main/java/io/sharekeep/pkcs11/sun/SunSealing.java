package io.sharekeep.pkcs11.sun;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Suite 1 through the provider. Plaintext goes through direct buffers over the caller's memory and
 * nowhere else: the provider's ways with arrays leave a copy on the heap.
 */
final class SunSealing {
  private final Epoch epoch;
  private final KeyRef kek;
  private final SealFormat format;
  private final MemorySegment chunkAad = MemorySegment.ofArray(new byte[SealFormat.AAD]);

  SunSealing(Epoch epoch, KeyRef kek, SealFormat format, Aad aad) {
    this.epoch = epoch;
    this.kek = kek;
    this.format = format;
    format.bind(aad, chunkAad);
  }

  void seal(MemorySegment plain, MemorySegment out) throws GeneralSecurityException {
    out.asSlice(0, SealFormat.HEADER).copyFrom(MemorySegment.ofArray(format.header()));
    for (int i = 0; i < format.chunks(); i++) {
      var iv = SunRandom.mixed(epoch, SealFormat.GCM_IV);
      format.iv(out, i).copyFrom(MemorySegment.ofArray(iv));
      var cipher = cipher(Cipher.ENCRYPT_MODE, iv, i);
      cipher.doFinal(
          plain.asSlice(format.plainAt(i), format.plainLength(i)).asByteBuffer(),
          format.cipher(out, i).asByteBuffer());
    }
  }

  void open(MemorySegment sealed, MemorySegment out) throws GeneralSecurityException {
    for (int i = 0; i < format.chunks(); i++) {
      var cipher = cipher(Cipher.DECRYPT_MODE, format.iv(sealed, i).toArray(JAVA_BYTE), i);
      var ciphertext = format.cipher(sealed, i);
      try {
        int length =
            cipher.doFinal(
                ciphertext.asByteBuffer(),
                out.asSlice(format.plainAt(i), ciphertext.byteSize()).asByteBuffer());
        if (length != format.plainLength(i)) {
          throw new IllegalStateException("the provider wrote " + length + " bytes");
        }
      } catch (AEADBadTagException e) {
        throw new SealRejected();
      } catch (ProviderException e) {
        if (Codes.rejected(e)) {
          throw new SealRejected();
        }
        throw e;
      }
    }
  }

  private Cipher cipher(int mode, byte[] iv, int i) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding", epoch.provider());
    cipher.init(mode, epoch.key(kek.name()), new GCMParameterSpec(8 * SealFormat.TAG, iv));
    SealFormat.index(chunkAad, i);
    cipher.updateAAD(chunkAad.toArray(JAVA_BYTE));
    return cipher;
  }
}
