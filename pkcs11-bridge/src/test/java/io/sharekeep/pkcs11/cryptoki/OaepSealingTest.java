package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the RSA public half can seal; what they make must still be of the one form. */
@SoftTokens
final class OaepSealingTest {
  private static final Aad AAD = Aad.of(new byte[] {4});
  private static final int SIZE = 100;
  private static final SealFormat.Layout LAYOUT =
      new SealFormat.Layout(SealSuite.RSA_OAEP_GCM, SealFormat.GCM_IV);

  @Test
  void aDataKeyOfAnotherLengthIsRejectedThoughItsCiphertextVerifies(
      SoftHsmTokens tokens, @TempDir Path directory) throws Exception {
    var profile =
        Files.writeString(
            directory.resolve("own.profile"),
            "name = oaep\ntitle = O\nmeasured = no\nsource = test\naead = RSA_OAEP_DEK\n");
    var library = TokenLibrary.at(tokens.library()).under(profile);
    try (var bench = Bench.of(library, tokens.coreLabel(), tokens.corePinFile());
        var token = NativeToken.open(configuration(library, tokens));
        var arena = Arena.ofConfined()) {
      token.login(new PinFile(tokens.corePinFile()));
      var kek = token.generate(KeySpec.KEK);
      var plain = arena.allocate(SIZE).fill((byte) 9);
      var sealed = arena.allocate(token.sealedSize(kek, SIZE));
      token.seal(kek, plain, AAD, sealed);
      var out = arena.allocate(SIZE + token.openSlack(kek));

      forge(sealed, kek, publicHalf(bench, kek), 32);
      assertEquals(SIZE, token.open(kek, sealed, AAD, out), "the forger's work is sound");
      for (int length : new int[] {0, 16, 31, 33, 64}) {
        forge(sealed, kek, publicHalf(bench, kek), length);
        assertThrows(
            SealRejected.class, () -> token.open(kek, sealed, AAD, out), length + " bytes");
        assertEquals(-1, out.mismatch(arena.allocate(out.byteSize())));
      }
    }
  }

  private static TokenConfiguration configuration(TokenLibrary library, SoftHsmTokens tokens) {
    return TokenConfiguration.of(library, tokens.coreLabel());
  }

  /** Under a data key of that length, which a reader would cut or fill up with zeros. */
  private static void forge(MemorySegment sealed, KeyRef kek, PublicKey rsa, int length)
      throws GeneralSecurityException {
    var key = new byte[length];
    Arrays.fill(key, (byte) 5);
    var format = SealFormat.read(LAYOUT, kek, sealed).orElseThrow();
    var oaep = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
    oaep.init(Cipher.ENCRYPT_MODE, rsa);
    format.sealedKey(sealed).copyFrom(MemorySegment.ofArray(oaep.doFinal(key)));
    var chunkAad = MemorySegment.ofArray(new byte[SealFormat.AAD]);
    format.bind(AAD, chunkAad);
    SealFormat.index(chunkAad, 0);
    var gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(Arrays.copyOf(key, 32), "AES"),
        new GCMParameterSpec(128, format.iv(sealed, 0).toArray(JAVA_BYTE)));
    gcm.updateAAD(chunkAad.toArray(JAVA_BYTE));
    format.cipher(sealed, 0).copyFrom(MemorySegment.ofArray(gcm.doFinal(new byte[SIZE])));
  }

  private static PublicKey publicHalf(Bench bench, KeyRef kek) throws GeneralSecurityException {
    var spec = new AtomicReference<RSAPublicKeySpec>();
    bench.inSession(raw -> {
      var objects = new Objects(raw.functions(), raw.handle());
      var half = Templates.namingPublicHalf(raw.arena(), SealingKeys.rsa(kek));
      long found = objects.matching(raw.arena(), half).getFirst();
      var modulus = objects.value(raw.arena(), found, Attribute.MODULUS).orElseThrow();
      var exponent = objects.value(raw.arena(), found, Attribute.PUBLIC_EXPONENT).orElseThrow();
      spec.set(new RSAPublicKeySpec(new BigInteger(1, modulus), new BigInteger(1, exponent)));
    });
    return KeyFactory.getInstance("RSA").generatePublic(spec.get());
  }
}
