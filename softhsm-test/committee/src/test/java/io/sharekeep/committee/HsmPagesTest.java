package io.sharekeep.committee;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of tokens that are here do what they say, word by word. */
class HsmPagesTest {
  @TempDir private Path folder;

  @Test
  void theSoftHsmPageMakesAPartyOfTwoTokens() throws Exception {
    follow("softhsm");
  }

  @Test
  void theNssPageTriesItsToken() throws Exception {
    assumeTrue(
        Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "certutil"))),
        "certutil is not on the PATH; apt install libnss3-tools");
    follow("nss");
  }

  private void follow(String page) throws Exception {
    var output = folder.resolve(page + ".txt");
    var builder =
        new ProcessBuilder(
                Trio.REPOSITORY.resolve("scripts/run-hsm-page").toString(),
                Trio.REPOSITORY.resolve("docs/hsm/" + page + ".md").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // The launcher refuses options that come in sideways; a test runner may have set them.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    var process = builder.start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), "hangs");
    assertEquals(0, process.exitValue(), Files.readString(output));
  }
}
