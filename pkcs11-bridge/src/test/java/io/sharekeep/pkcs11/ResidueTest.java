package io.sharekeep.pkcs11;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

  /** The same process then leaves the plaintext on purpose: both ways are found. */
  @Test
  void theNativeBackendLeavesNothing() throws Exception {
    try (var child = new Child(Backend.NATIVE)) {
      assertEquals(new Hits(0, 0, 0), child.look("wiped"));
      var left = child.look("left");
      assertTrue(left.marker() > 1000, left.toString());
      assertEquals(0, left.markerInHeap());
      var copied = child.look("copied");
      assertTrue(copied.marker() > 1000, copied.toString());
      assertTrue(copied.markerInHeap() > 1000, copied.toString());
    }
  }

  @Test
  void theSecondBackendLeavesNothingButThePinThatItDeclares() throws Exception {
    try (var child = new Child(Backend.SUN)) {
      var hits = child.look("wiped");
      assertEquals(0, hits.marker());
      assertEquals(0, hits.markerInHeap());
    }
  }

  /** A process to look into. */
  private final class Child implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final BufferedReader lines;

    Child(Backend backend) throws IOException {
      folder = Files.createDirectory(directory.resolve(backend.name()));
      process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-Xmx96m",
                      "-XX:+UseSerialGC",
                      "--enable-native-access=ALL-UNNAMED",
                      "-cp",
                      System.getProperty("java.class.path"),
                      ResidueChild.class.getName(),
                      backend.name(),
                      tokens.library().toString(),
                      tokens.coreLabel(),
                      tokens.corePinFile().toString(),
                      folder.toString()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Waits until it has come to that point, looks, and lets it go on. */
    Hits look(String point) throws IOException {
      assertEquals(point, lines.readLine());
      assumeTrue(ProcessMemory.isReadable(process.pid()), "this system does not let a parent look");
      var pin = Files.readString(tokens.corePinFile()).strip().getBytes(StandardCharsets.UTF_8);
      var marker = Files.readAllBytes(folder.resolve("marker"));
      var wanted = Needles.of(List.of(List.of(marker), List.of(pin)));
      var inCore = ProcessMemory.count(process.pid(), true, wanted);
      var elsewhere = ProcessMemory.count(process.pid(), false, wanted);
      var dump = folder.resolve(point + ".hprof");
      int inHeap = ProcessMemory.count(dump, wanted)[0];
      Files.delete(dump);
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      return new Hits(inCore[0] + elsewhere[0], inHeap, inCore[1] + elsewhere[1]);
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
