package io.sharekeep.softhsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SoftTokens({SoftTokens.Kind.SOFTHSM, SoftTokens.Kind.NSS})
final class SoftTokensTest {
  private static @Nullable SoftHsmTokens forTheClass;

  private final SoftHsmTokens tokens;

  SoftTokensTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  @BeforeAll
  static void first(SoftHsmTokens tokens) {
    forTheClass = tokens;
  }

  @Test
  void oneClassHasOnePairOfTokens(SoftHsmTokens again) {
    assertEquals(forTheClass, tokens);
    assertEquals(tokens, again);
    assertTrue(Files.isRegularFile(tokens.library()));
    assertTrue(Files.isRegularFile(tokens.corePinFile()));
    assertEquals(System.getenv("SOFTHSM2_CONF"), tokens.home().configuration().toString());
  }

  @Test
  void aCommitteeGetsAsManyPairsAsItHasMembers() {
    assertNotEquals(tokens.coreLabel(), tokens.provision("second").coreLabel());
  }

  @Test
  void aDatabaseOfNssIsMadeWithItsPinAndDeleted(NssDatabase nss) {
    assertTrue(Files.isRegularFile(nss.library()));
    assertTrue(Files.isRegularFile(nss.directory().resolve("db/key4.db")));
    assertTrue(nss.parameters().contains(nss.directory().resolve("db").toString()));
    var other = NssDatabase.make(nss.directory().resolve(".."), "other");
    assertNotEquals(nss.directory(), other.directory());
    other.delete();
    assertFalse(Files.exists(other.directory()));
    assertTrue(Files.isRegularFile(nss.pinFile()));
  }
}
