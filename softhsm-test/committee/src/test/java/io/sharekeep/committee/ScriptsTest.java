package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every script on a machine without JDK 25: exit 3 and where to get one, before anything else. */
class ScriptsTest {
  private static final int NO_JDK = 3;

  @TempDir private Path folder;

  /** If a script went on, it would find programs that fail. */
  @BeforeEach
  void programsThatFail() throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    for (var name : List.of("mvn", "apt-get", "sudo", "java")) {
      var program = Files.writeString(folder.resolve("bin").resolve(name), "#!/bin/sh\nexit 97\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "quickstart --once",
        "quickstart --once --no-build",
        "verify",
        ".ci/run",
        "dev check",
        "dev fix",
        "dev up",
        "dev bench frost",
        "bin/sharekeep --help",
        "bin/sharekeep serve",
        "scripts/run-committee io.sharekeep.committee.Quickstart",
        "scripts/run-bench frost"
      })
  void sayWhereToGetAJdkAndEndWith3(String command) throws Exception {
    var empty = Files.createDirectories(folder.resolve("jvm")).toString();
    assertAsksForAJdk(command, Map.of("SHAREKEEP_JDK", empty), empty);
    assertAsksForAJdk(command, Map.of("SHAREKEEP_JVM_FOLDER", empty), empty);
    assertAsksForAJdk(
        command, Map.of("SHAREKEEP_JVM_FOLDER", empty, "JAVA_HOME", jdk("17.0.9")), empty);
    assertAsksForAJdk(command, Map.of("SHAREKEEP_JDK", jdk("none")), "none");
  }

  /** What looks like a JDK of that version. */
  private String jdk(String version) throws IOException {
    var home = folder.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    var javac = home.resolve("bin/javac");
    Files.writeString(javac, "#!/bin/sh\n");
    Files.setPosixFilePermissions(javac, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home.toString();
  }

  private void assertAsksForAJdk(String command, Map<String, String> environment, String names)
      throws Exception {
    var words = new ArrayList<>(List.of(command.split(" ")));
    words.set(0, Trio.REPOSITORY.resolve(words.getFirst()).toString());
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().putAll(environment);
    var output = Files.createTempFile(folder, "out", ".txt");
    var process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    var text = Files.readString(output, UTF_8);
    assertEquals(NO_JDK, process.exitValue(), command + " with " + environment + ": " + text);
    assertTrue(text.contains(names), text);
    for (var vendor : List.of("temurin-25-jdk", "zulu25-jdk", "java-25-amazon-corretto-jdk")) {
      assertTrue(text.contains(vendor), text);
    }
    assertFalse(text.contains("line "), "a shell error: " + text);
  }
}
