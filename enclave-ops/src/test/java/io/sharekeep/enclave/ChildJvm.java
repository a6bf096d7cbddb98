package io.sharekeep.enclave;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another JVM on the same classes, for what would end this one. */
public final class ChildJvm {
  public ChildJvm() {}

  private final List<String> prefix = new ArrayList<>();
  private final List<String> flags = new ArrayList<>();

  /** How a child ended and all that it printed. */
  public record Ended(int exitCode, String output) {}

  /** Words before {@code java}, such as a shell that sets a limit. */
  public ChildJvm under(String... words) {
    prefix.addAll(List.of(words));
    return this;
  }

  public ChildJvm flag(String flag) {
    flags.add(flag);
    return this;
  }

  /** Starts a child whose standard output the caller reads; what it says on error is dropped. */
  public Process start(Class<?> main, String... arguments) throws IOException {
    return builder(main, arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private ProcessBuilder builder(Class<?> main, String... arguments) {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:ErrorFile=/dev/null",
            "-XX:-CreateCoredumpOnCrash",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  public Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    var process = builder(main, arguments).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the child does not end: " + output);
    }
    return new Ended(process.exitValue(), output);
  }

  private static String classPath() {
    var classes = Path.of("target").toAbsolutePath();
    return Stream.of(
            classes.resolve("test-classes").toString(),
            classes.resolve("classes").toString(),
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
