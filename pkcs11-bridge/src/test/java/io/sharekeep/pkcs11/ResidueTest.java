package io.sharekeep.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sharekeep.pkcs11.ResidueChild.Habit;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.softhsm.Needles;
import io.sharekeep.softhsm.ProcessMemory;
import io.sharekeep.softhsm.SoftHsmTokens;
import io.sharekeep.softhsm.SoftTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of opened plaintexts and of the PIN in a process that wiped what it was given: its
 * whole memory, read from outside, and its heap dump. Two controls show that the search finds.
 */
@SoftTokens
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ResidueTest {
  private final SoftHsmTokens tokens;

  @TempDir private Path directory;

  ResidueTest(SoftHsmTokens tokens) {
    this.tokens = tokens;
  }

  private record Hits(int marker, int markerInHeap, int pin) {}

  @BeforeAll
  void makeTheKey() {
    try (var token = Tokens.open(TokenConfiguration.of(tokens.library(), tokens.coreLabel()))) {
      token.login(new PinFile(tokens.corePinFile()));
      token.generate(KeySpec.KEK);
    }
  }

  @Test
  void theNativeBackendLeavesNothing() throws Exception {
    assertEquals(new Hits(0, 0, 0), look(Backend.NATIVE, Habit.WIPES));
  }

  @Test
  void theSecondBackendLeavesNothingButThePinThatItDeclares() throws Exception {
    var hits = look(Backend.SUN, Habit.WIPES);
    assertEquals(0, hits.marker());
    assertEquals(0, hits.markerInHeap());
  }

  @Test
  void aPlaintextThatWasNotWipedIsFound() throws Exception {
    var hits = look(Backend.NATIVE, Habit.LEAVES);
    assertTrue(hits.marker() > 1000, hits.toString());
    assertEquals(0, hits.markerInHeap());
  }

  @Test
  void aCopyInAnArrayIsFoundInTheHeap() throws Exception {
    var hits = look(Backend.NATIVE, Habit.COPIES);
    assertTrue(hits.marker() > 1000, hits.toString());
    assertTrue(hits.markerInHeap() > 1000, hits.toString());
  }

  private Hits look(Backend backend, Habit habit) throws IOException, InterruptedException {
    var marker = directory.resolve("marker-" + backend + habit);
    var dump = directory.resolve(backend + "-" + habit + ".hprof");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ResidueChild.class.getName(),
            backend.name(),
            habit.name(),
            tokens.library().toString(),
            tokens.coreLabel(),
            tokens.corePinFile().toString(),
            marker.toString(),
            dump.toString());
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      var lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      var line = lines.readLine();
      assertTrue(String.valueOf(line).startsWith("ready"), line);
      assumeTrue(ProcessMemory.isReadable(process.pid()), "this system does not let a parent look");
      var pinText = Files.readString(tokens.corePinFile()).strip();
      var wanted =
          Needles.of(
              List.of(
                  List.of(Files.readAllBytes(marker)),
                  List.of(pinText.getBytes(StandardCharsets.UTF_8))));
      var inCore = ProcessMemory.count(process.pid(), true, wanted);
      var elsewhere = ProcessMemory.count(process.pid(), false, wanted);
      var hits =
          new Hits(
              inCore[0] + elsewhere[0],
              ProcessMemory.count(dump, wanted)[0],
              inCore[1] + elsewhere[1]);
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      return hits;
    } finally {
      process.destroy();
      process.waitFor();
      Files.deleteIfExists(dump);
    }
  }
}
