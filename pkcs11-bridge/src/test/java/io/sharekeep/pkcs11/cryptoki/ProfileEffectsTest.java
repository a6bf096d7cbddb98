package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.cryptoki.CompiledShim.Setting;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.SealSuite;
import io.sharekeep.pkcs11.terms.TokenException.ProfileRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenFault;
import io.sharekeep.pkcs11.terms.TokenException.Unsupported;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.softhsm.NssDatabase;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That a profile does what it says, and what becomes of a token that nobody has described. */
@SoftTokens({SoftTokens.Kind.SOFTHSM, SoftTokens.Kind.NSS})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProfileEffectsTest {
  private static final Aad AAD = Aad.of(new byte[] {1});
  private static final Digest DIGEST = Digest.sha256(new byte[] {2});
  private static final String HEAD = "name = own\ntitle = Own\nmeasured = no\nsource = test\n";

  private static final String NSS =
      "attrs.send = MODIFIABLE\nattrs.exempt = LOCAL:0 KEY_GEN_MECHANISM:absent COPYABLE:absent"
          + " DESTROYABLE:absent ALLOWED_MECHANISMS:absent\n";

  private final SoftHsmTokens tokens;
  private final NssDatabase nss;
  private final Path directory;
  private final CompiledShim shim;

  ProfileEffectsTest(SoftHsmTokens tokens, NssDatabase nss, @TempDir Path directory)
      throws IOException {
    this.tokens = tokens;
    this.nss = nss;
    this.directory = directory;
    var copy = Files.copy(tokens.library(), directory.resolve("libsofthsm2.so"));
    this.shim = CompiledShim.before(copy, directory);
  }

  @AfterEach
  void behave() {
    shim.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | GCM",
        "1 | CBC_HMAC",
        "2 | RSA_OAEP_GCM",
      })
  void anUnknownTokenGetsTheBestWayThatItCanDo(long lacking, SealSuite suite) {
    shim.set(Setting.NO_MECHANISMS, lacking);
    try (var token = open(shimmed("aead = PROBE"))) {
      assertEquals(suite, token.report().suite().orElseThrow());
      boolean degraded = suite != SealSuite.GCM;
      assertEquals(degraded, token.report().limits().contains(TokenReport.DEGRADED_SEAL));
      assertRoundTrip(token);
      assertTrue(token.find(KeySpec.KEK.name()).isEmpty(), "throw-away keys are thrown away");
    }
  }

  @Test
  void anUnknownTokenThatCanDoNoneIsRefusedAndStaysLoggedOut() {
    shim.set(Setting.NO_MECHANISMS, 3);
    try (var token = NativeToken.open(shimmed("aead = PROBE"))) {
      var pin = new PinFile(tokens.corePinFile());
      var refusal = assertThrows(Unsupported.class, () -> token.login(pin));
      assertTrue(String.valueOf(refusal.getMessage()).contains("safe sealing"));
      assertInstanceOf(TokenState.Failed.class, token.state());
      assertThrows(Unsupported.class, () -> token.generate(KeySpec.KEK));
    }
  }

  /** NSS says of no key that it was made there, and nobody has exempted it from that. */
  @Test
  void anUnknownTokenWithWeakAttributesIsRefused() {
    try (var token = NativeToken.open(onNss("aead = PROBE\nattrs.send = MODIFIABLE"))) {
      var refusal = assertThrows(Unsupported.class, () -> token.login(new PinFile(nss.pinFile())));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("LOCAL is 0, must be 1"),
          refusal.getMessage());
    }
  }

  /** It is the second token that silently takes the zeros that it was to replace. */
  @Test
  void nssIsNeverAskedForAnIv() {
    try (var token = NativeToken.open(onNss(NSS + "gcm.iv = ZERO_AND_READBACK"))) {
      var refusal = assertThrows(Unsupported.class, () -> token.login(new PinFile(nss.pinFile())));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("silently used zeros"),
          refusal.getMessage());
    }
  }

  @Test
  void aTokenThatCannotSealSaysSoBeforeAnythingIsMade() {
    try (var token = open(shimmed("aead = NONE"))) {
      assertThrows(Unsupported.class, () -> token.generate(KeySpec.KEK));
      assertEquals(Optional.empty(), token.report().suite());
    }
  }

  @ParameterizedTest
  @CsvSource({"40", "48", "auto"})
  void nssReadsEveryFormOfTheParameters(String form) {
    try (var token = NativeToken.open(onNss(NSS + "gcm.params = " + form))) {
      token.login(new PinFile(nss.pinFile()));
      assertRoundTrip(token);
    }
  }

  @Test
  void softHsmReadsOneFormAndIsFoundOutAboutIt() {
    try (var token = open(shimmed("gcm.params = auto"))) {
      assertRoundTrip(token);
    }
    try (var token = open(shimmed("gcm.params = 40"))) {
      assertThrows(TokenFault.class, () -> assertRoundTrip(token));
      token.destroy(token.find(KeySpec.KEK.name()).orElseThrow());
    }
  }

  @Test
  void smallerChunksABounceAndOddSessionsWorkToo() {
    var lines =
        """
        gcm.maxChunk = 4096
        out.buffer = BOUNCE
        out.slack = 64
        rng = MIXED
        session.rwOnly = yes
        session.anchor = no
        session.max = 5
        """;
    try (var token = open(shimmed(lines));
        var arena = Arena.ofConfined()) {
      assertEquals(3, token.statistics().permits());
      assertTrue(token.report().limits().contains(TokenReport.RANDOM_MIXED));
      var one = arena.allocate(32);
      token.random(one);
      assertTrue(one.mismatch(arena.allocate(32)) >= 0);
      var kek = token.generate(KeySpec.KEK);
      assertEquals(64, token.openSlack(kek));
      var sealed = arena.allocate(token.sealedSize(kek, 10_000));
      assertEquals(48 + 10_000 + 3 * 28, sealed.byteSize());
      var plain = arena.allocate(10_000).fill((byte) 9);
      token.seal(kek, plain, AAD, sealed);
      var header = ByteBuffer.wrap(sealed.asSlice(0, 48).toArray(JAVA_BYTE));
      assertEquals(4096, header.getInt(44));
      var out = arena.allocate(10_064).fill((byte) 1);
      assertEquals(10_000, token.open(kek, sealed, AAD, out));
      assertEquals(-1, plain.mismatch(out.asSlice(0, 10_000)));
      assertEquals(-1, out.asSlice(10_000).mismatch(arena.allocate(64)));
      token.destroy(kek);
    }
  }

  @Test
  void derSignaturesAndAPinForEachAreWhatTheTokenWants() throws Exception {
    shim.set(Setting.DER, 1);
    try (var token = open(shimmed("ecdsa.sig = DER\nalwaysAuthenticate = yes"))) {
      var key = token.generate(KeySpec.of("der", KeySpec.Kind.SIGNING_P256));
      var verifier = Signature.getInstance("NONEwithECDSAinP1363Format");
      for (int i = 1; i <= 20; i++) {
        var signature = token.sign(key, DIGEST);
        verifier.initVerify(token.publicKey(key).decoded());
        verifier.update(DIGEST.bytes());
        assertTrue(verifier.verify(signature));
        assertEquals(i, shim.get(Setting.CONTEXT));
      }
      token.destroy(key);
    }
  }

  @ParameterizedTest
  @CsvSource({"finalizeOnLost = yes, 1", "reinitOn = 0x32, 1", "finalizeOnLost = no, 0"})
  void aLossHasTheLibraryStartedAnewWhereTheProfileSaysSo(String line, long starts)
      throws InterruptedException {
    try (var token = open(shimmed(line))) {
      long before = token.statistics().reinitialisations();
      // The token stays to be seen; where it does not, every library is started anew.
      shim.set(Setting.OPEN_SESSION, Ck.DEVICE_REMOVED);
      var key = new KeyRef(KeySpec.KEK.name(), "00".repeat(16));
      var writing = Thread.ofPlatform().start(() -> token.destroy(key));
      Thread.sleep(600);
      shim.set(Setting.OPEN_SESSION, 0);
      writing.join();
      long after = token.statistics().reinitialisations() - before;
      assertTrue(starts == 0 ? after == 0 : after >= starts, after + " times");
    }
  }

  @Test
  void aVendorsOwnCodeForALossIsHealedWhereTheProfileNamesIt() throws InterruptedException {
    try (var token = open(shimmed("lost.extra = 0x80000123"))) {
      shim.set(Setting.ABSENT, 0x80000123L);
      Thread.sleep(600);
      shim.set(Setting.ABSENT, 0);
      token.find(KeySpec.KEK.name());
      assertTrue(token.statistics().losses() >= 1);
    }
  }

  @Test
  void aProfileForAnotherTokenIsRefused() {
    assertThrows(
        ProfileRejected.class,
        () -> NativeToken.open(shimmed("match.manufacturer = Somebody else")).close());
  }

  @Test
  void aBarePointIsAPublicKeyToo() {
    var point = new byte[65];
    point[0] = 4;
    var framed = new byte[67];
    framed[0] = 4;
    framed[1] = 65;
    framed[2] = 4;
    assertEquals(
        ByteBuffer.wrap(Curve.P256.spki(framed, false).orElseThrow()),
        ByteBuffer.wrap(Curve.P256.spki(point, true).orElseThrow()));
    assertTrue(Curve.P256.spki(point, false).isEmpty());
    assertTrue(Curve.P256.spki(framed, true).isEmpty());
    framed[2] = 3;
    assertTrue(Curve.P256.spki(framed, false).isEmpty());
  }

  private void assertRoundTrip(NativeToken token) {
    var kek = token.generate(KeySpec.KEK);
    try (var arena = Arena.ofConfined()) {
      var plain = arena.allocate(20_000).fill((byte) 5);
      var sealed = arena.allocate(token.sealedSize(kek, 20_000));
      token.seal(kek, plain, AAD, sealed);
      var out = arena.allocate(20_000L + token.openSlack(kek));
      assertEquals(20_000, token.open(kek, sealed, AAD, out));
      assertEquals(-1, plain.mismatch(out.asSlice(0, 20_000)));
      token.destroy(kek);
    }
  }

  private NativeToken open(TokenConfiguration configuration) {
    var token = NativeToken.open(configuration);
    token.login(new PinFile(tokens.corePinFile()));
    return token;
  }

  private TokenConfiguration shimmed(String lines) {
    return TokenConfiguration.of(
        TokenLibrary.at(shim.library()).under(profile(lines)), tokens.coreLabel());
  }

  private TokenConfiguration onNss(String lines) {
    return TokenConfiguration.of(
        TokenLibrary.at(nss.library()).with(Optional.of(nss.parameters())).under(profile(lines)),
        nss.label());
  }

  private Path profile(String lines) {
    try {
      return Files.writeString(directory.resolve("own.profile"), HEAD + lines + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
