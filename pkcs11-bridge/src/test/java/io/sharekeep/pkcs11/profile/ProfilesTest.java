package io.sharekeep.pkcs11.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.pkcs11.profile.Profile.Aead;
import io.sharekeep.pkcs11.profile.Profile.IvMode;
import io.sharekeep.pkcs11.terms.TokenException.ProfileRejected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfilesTest {
  private static final Identity SOFTHSM =
      new Identity(
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "SoftHSM project",
          "SoftHSM v2",
          "Implementation of PKCS11",
          "2.6");
  private static final String LEAST =
      "name = mine\ntitle = Mine\nmeasured = no\nsource = a manual\n";

  @TempDir private Path directory;

  @Test
  void everyTokenThatIsNamedIsShippedAndOnlyThoseThatWereTriedSaySo() {
    assertEquals(
        "cloudhsm luna nethsm nshield nss opencryptoki protectserver securosys softhsm tpm2-pkcs11"
            + " utimaco yubihsm2",
        Profiles.shipped().stream().map(Profile::name).collect(Collectors.joining(" ")));
    assertEquals(
        Set.of("nss", "softhsm"),
        Profiles.shipped().stream()
            .filter(profile -> profile.measured().isPresent())
            .map(Profile::name)
            .collect(Collectors.toSet()));
    for (var profile : Profiles.shipped()) {
      assertFalse(profile.match().patterns().isEmpty(), profile.name());
      assertFalse(profile.aead() == Aead.PROBE, profile.name());
    }
  }

  @Test
  void aTokenGetsTheProfileThatFitsWithTheReason() {
    var chosen = Profiles.choose(SOFTHSM, Optional.empty());
    assertEquals("softhsm", chosen.profile().name());
    assertTrue(chosen.why().contains("library '/usr/lib/x86_64"), chosen.why());
    assertTrue(chosen.why().contains("model 'SoftHSM v2' matches 'SoftHSM v2'"), chosen.why());
  }

  @Test
  void theMostSpecificWins() throws IOException {
    var broad = read(LEAST + "match.library = *libsofthsm2*");
    var narrow =
        read(
            LEAST.replace("mine", "narrow")
                + "match.library = *libsofthsm2*\n"
                + "match.version = 2.*");
    for (var order : List.of(List.of(broad, narrow), List.of(narrow, broad))) {
      var chosen = Profiles.choose(SOFTHSM, order);
      assertEquals("narrow", chosen.profile().name());
      assertTrue(chosen.why().contains("more specific than mine"), chosen.why());
    }
    var twin = read(LEAST.replace("mine", "twin") + "match.library = *libsofthsm2*");
    assertThrows(ProfileRejected.class, () -> Profiles.choose(SOFTHSM, List.of(broad, twin)));
  }

  @Test
  void anUnknownTokenHasNoExemptionAndIsTriedFirst() {
    var other = new Identity("/opt/libother.so", "SoftHSM project", "SoftHSM v2", "", "2.6");
    var chosen = Profiles.choose(other, Optional.empty());
    assertEquals("unknown", chosen.profile().name());
    assertEquals(Aead.PROBE, chosen.profile().aead());
    assertEquals(Map.of(), chosen.profile().attributes().exempt());
    assertThrows(IllegalStateException.class, () -> chosen.profile().suite());
  }

  @Test
  void aPatternMatchesTheWholeOfANameAndNothingButTheStarIsSpecial() throws IOException {
    var dotted = read(LEAST + "match.manufacturer = Soft.SM project");
    assertFalse(dotted.match().compare(SOFTHSM).all());
    var part = read(LEAST + "match.model = SoftHSM");
    assertFalse(part.match().compare(SOFTHSM).all());
    var star = read(LEAST + "match.model = Soft* v*");
    assertTrue(star.match().compare(SOFTHSM).all());
    assertFalse(read(LEAST).match().compare(SOFTHSM).all());
  }

  @Test
  void aFileOfTheCustodianIsTakenUnlessItIsForAnotherToken() throws IOException {
    var file = Files.writeString(directory.resolve("own.profile"), LEAST + "call.timeout = 2.5");
    var chosen = Profiles.choose(SOFTHSM, Optional.of(file));
    assertEquals("mine", chosen.profile().name());
    assertEquals(2500, chosen.profile().callTimeout().toMillis());
    assertTrue(chosen.why().contains("own.profile"), chosen.why());
    Files.writeString(file, LEAST + "match.model = Luna*");
    var refusal =
        assertThrows(ProfileRejected.class, () -> Profiles.choose(SOFTHSM, Optional.of(file)));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("'SoftHSM v2' does not match 'Luna*'"),
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gcm.prams = 48       | line 5 has an unknown field 'gcm.prams'; allowed are name, title",
        "gcm.params = 47      | line 5 gcm.params may not be '47': bytes of CK_GCM_PARAMS",
        "gcm.iv = HSM         | line 5 gcm.iv may not be 'HSM'",
        "aead = AES           | line 5 aead may not be 'AES'",
        "gcm.maxChunk = 1000  | line 5 gcm.maxChunk may not be '1000'",
        "attrs.exempt = SENSITIVE:0   | line 5 attrs.exempt may not be 'SENSITIVE:0'",
        "attrs.exempt = EXTRACTABLE:1 | line 5 attrs.exempt may not be 'EXTRACTABLE:1'",
        "lost.extra = 48      | line 5 lost.extra may not be '48'",
        "name = again         | line 5 states name a second time",
        "gcm.params           | line 5 is not of the form field = value",
        "= 48                 | line 5 is not of the form field = value",
        "pin.min = 300        | has a pin.min above its pin.max"
      })
  void aWrongFileIsRefusedWithItsLineAndWhatIsAllowed(String line, String words) {
    var file = directory.resolve("bad.profile");
    var refusal =
        assertThrows(
            ProfileRejected.class,
            () -> ProfileReader.read(Files.writeString(file, LEAST + line + "\n")));
    var message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("bad.profile"), message);
    assertTrue(message.replace(",", "").contains(words.strip().replace(",", "")), message);
  }

  @Test
  void aFileThatIsTooLongIsNotRead() throws IOException {
    var file = directory.resolve("long.profile");
    Files.writeString(file, LEAST + "#" + "x".repeat(64 * 1024));
    var refusal = assertThrows(ProfileRejected.class, () -> ProfileReader.read(file));
    assertTrue(String.valueOf(refusal.getMessage()).contains("more than 65536 bytes"));
  }

  @Test
  void aFileThatIsIncompleteAbsentOrNoTextIsRefused() throws IOException {
    var refusal =
        assertThrows(ProfileRejected.class, () -> read("name = x\ntitle = X\nmeasured = no\n"));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("does not say source"), refusal.getMessage());
    assertThrows(ProfileRejected.class, () -> ProfileReader.read(directory.resolve("none")));
    var binary = Files.write(directory.resolve("bin"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThrows(ProfileRejected.class, () -> ProfileReader.read(binary));
    var big = Files.writeString(directory.resolve("big"), "#".repeat(70_000));
    assertThrows(ProfileRejected.class, () -> ProfileReader.read(big));
  }

  @Test
  void whatAFileSaysIsWhatTheProfileHolds() throws IOException {
    var profile =
        read(
            LEAST
                + """
                aead = GCM
                gcm.params = 40
                gcm.ivBits = ZERO
                gcm.iv = HSM_APPENDED(16)
                gcm.maxChunk = 8192
                out.slack = 32
                out.buffer = BOUNCE
                session.max = 12
                session.rwOnly = yes
                session.anchor = no
                login.userType = 0x83
                pin.min = 6
                pin.max = 8
                pin.format = USER_COLON_PASSWORD
                ecdsa.sig = DER
                ecpoint = RAW
                attrs.send = MODIFIABLE DESTROYABLE
                attrs.exempt = LOCAL:0 COPYABLE:absent
                finalizeOnLost = yes
                reinitOn = 0x30
                lost.extra = 0x05 0x80000001
                alwaysAuthenticate = yes
                rng = MIXED
                """);
    assertEquals(
        new Profile.Gcm(Profile.Gcm.Form.WITHOUT_IV_BITS, false, new IvMode.Appended(16), 8192),
        profile.gcm());
    assertEquals(32, profile.slack());
    assertTrue(profile.bounce() && profile.alwaysAuthenticate() && profile.mixedRandom());
    assertEquals(new Profile.Sessions(12, true, false), profile.sessions());
    assertEquals(new Profile.Pin(0x83, 6, 8, true), profile.pin());
    assertEquals(new Profile.Signatures(true, true), profile.signatures());
    assertEquals(Set.of("MODIFIABLE", "DESTROYABLE"), profile.attributes().send());
    assertEquals(Map.of("LOCAL", "0", "COPYABLE", "absent"), profile.attributes().exempt());
    assertEquals(new Profile.Loss(true, Set.of(0x30L), Set.of(0x05L, 0x80000001L)), profile.loss());
  }

  @Test
  void theSchemaSaysEveryFieldThatTheDesignNames() {
    var named = new TreeSet<>(Schema.SHIPPED.fields().keySet());
    assertTrue(
        named.containsAll(
            Set.of(
                "gcm.params",
                "gcm.ivBits",
                "gcm.iv",
                "gcm.maxChunk",
                "aead",
                "out.slack",
                "out.buffer",
                "session.max",
                "session.rwOnly",
                "session.anchor",
                "login.userType",
                "pin.min",
                "pin.max",
                "pin.format",
                "ecdsa.sig",
                "ecpoint",
                "attrs.send",
                "finalizeOnLost",
                "reinitOn",
                "lost.extra",
                "alwaysAuthenticate",
                "rng",
                "call.timeout")),
        named.toString());
  }

  private static Profile read(String text) throws IOException {
    return ProfileReader.read("test", new BufferedReader(new StringReader(text)));
  }

  /** Files are UTF-8, whatever the host's locale. */
  @Test
  void umlautsInATitleSurvive() throws IOException {
    var file = directory.resolve("u.profile");
    Files.write(file, LEAST.replace("Mine", "Schlüssel").getBytes(StandardCharsets.UTF_8));
    assertEquals("Schlüssel", ProfileReader.read(file).title());
  }
}
