package io.sharekeep.softhsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SoftTokens
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
}
