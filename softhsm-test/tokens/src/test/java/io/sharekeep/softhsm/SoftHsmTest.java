package io.sharekeep.softhsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SoftHsmTest {
  @TempDir private Path directory;

  @BeforeEach
  void softHsmIsHere() {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
  }

  @Test
  void aHomeHasItsOwnConfigurationAndGivesTokensWithTheirOwnPins() throws IOException {
    var home = SoftHsm.init(directory.resolve("a/b"));
    var tokens = home.provision("a-name-longer-than-a-label-may-be");
    assertEquals(directory.resolve("a/b/softhsm2.conf"), home.configuration());
    assertTrue(
        Files.readString(home.configuration())
            .contains(directory.resolve("a/b/softhsm").toString()));
    assertTrue(tokens.coreLabel().length() <= 32, tokens.coreLabel());
    assertNotEquals(tokens.coreLabel(), tokens.edgeLabel());
    assertNotEquals(Files.readString(tokens.corePinFile()), Files.readString(tokens.edgePinFile()));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(tokens.corePinFile())));
    assertEquals(2, count("a/b/softhsm"));
  }

  @Test
  void closeDeletesWhatWasProvisionedAndNothingElse() throws IOException {
    var mine = SoftHsm.init(directory);
    var other = SoftHsm.init(directory);
    mine.provision("mine");
    mine.provision("mine");
    other.provision("other");
    assertEquals(6, count("softhsm"));
    mine.close();
    assertEquals(2, count("softhsm"));
    assertEquals(2, count("pins"));
    mine.close();
    other.close();
    assertEquals(0, count("softhsm"));
  }

  @Test
  void manyMayMakeTheSameHomeAtOnce() throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      Callable<SoftHsmTokens> make = () -> SoftHsm.init(directory).provision("same");
      var labels = new HashSet<String>();
      for (var made : threads.invokeAll(Collections.nCopies(8, make))) {
        labels.add(made.get().coreLabel());
      }
      assertEquals(8, labels.size());
    }
    assertEquals(16, count("softhsm"));
    try (var files = Files.list(directory)) {
      assertEquals(4, files.count(), "configuration, lock, tokens and PINs, and no draft");
    }
  }

  private long count(String folder) throws IOException {
    try (var files = Files.list(directory.resolve(folder))) {
      return files.count();
    }
  }
}
