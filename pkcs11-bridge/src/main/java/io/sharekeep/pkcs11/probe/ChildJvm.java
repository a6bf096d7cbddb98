package io.sharekeep.pkcs11.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.PinSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * Runs a main class of this module in a JVM of its own, from the same class or module path. The
 * child prints one last line as its answer, and before each risky step a line of its name on its
 * error stream.
 */
public final class ChildJvm {
  /** Begins the lines that name a step. */
  private static final String STAGE = "stage: ";

  private static final Pattern SIGNAL = Pattern.compile("^# +(SIG[A-Z]+) \\(");

  private ChildJvm() {}

  /** How a child ended. */
  public sealed interface Ended {
    /** By itself, with this as its last line. */
    record Said(String lastLine) implements Ended {}

    /** By a signal, an exception, or too late. */
    record Broke(String how, String stage) implements Ended {}
  }

  /** In the child: says what it is about to do. */
  public static void stage(String name) {
    System.err.println(STAGE + name);
    System.err.flush();
  }

  /** Runs it to its end, or kills it after {@code patience}. */
  public static Ended run(Class<?> main, List<String> arguments, Duration patience) {
    return run(main, arguments, Optional.empty(), patience);
  }

  /** The same, with a PIN on its standard input. */
  public static Ended run(
      Class<?> main, List<String> arguments, Optional<PinSource> pin, Duration patience) {
    var stage = new AtomicReference<>("");
    var said = new AtomicReference<>("");
    try {
      var process = new ProcessBuilder(command(main, arguments)).start();
      feed(process, pin);
      var error =
          reading(
              process.getErrorStream(),
              line -> {
                if (line.startsWith(STAGE)) {
                  stage.set(line.substring(STAGE.length()));
                }
              });
      // The JVM tells of a crash on its output, and then ends with a status that says nothing.
      var crash = new AtomicReference<>("");
      var output =
          reading(
              process.getInputStream(),
              line -> {
                var matcher = SIGNAL.matcher(line);
                if (matcher.find()) {
                  crash.set(matcher.group(1));
                }
                said.set(line);
              });
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return new Ended.Broke("hung for " + patience.toSeconds() + " seconds", stage.get());
      }
      output.join();
      error.join();
      int exit = process.exitValue();
      if (!crash.get().isEmpty()) {
        return new Ended.Broke(
            "ended the process that loaded it (signal " + crash.get() + ")", stage.get());
      }
      if (exit == 0 && !said.get().isEmpty()) {
        return new Ended.Said(said.get());
      }
      return new Ended.Broke(
          exit > 128
              ? "ended the process that loaded it (signal " + (exit - 128) + ")"
              : "made the process that loaded it stop with status " + exit,
          stage.get());
    } catch (IOException e) {
      return new Ended.Broke("could not be looked at: no second JVM: " + e.getMessage(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ended.Broke("was not looked at to the end: interrupted", stage.get());
    }
  }

  /** Java offers no way to a child's input but through the heap: what was there is wiped. */
  private static void feed(Process process, Optional<PinSource> pin) throws IOException {
    var bytes =
        pin.map(source -> source.<byte[]>withPin(lent -> lent.toArray(JAVA_BYTE)))
            .orElse(new byte[0]);
    try (var input = process.getOutputStream()) {
      input.write(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private interface Line {
    void take(String line);
  }

  private static Thread reading(InputStream stream, Line each) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var lines =
              new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
              if (!line.isBlank()) {
                each.take(line);
              }
            }
          } catch (IOException e) {
            // The child is gone; what it said until then counts.
          }
        });
  }

  private static List<String> command(Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A library that crashes is expected here: no core and no report file for it.
    command.addAll(
        List.of(
            "-Xmx96m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null"));
    var module = main.getModule();
    if (module.isNamed()) {
      command.addAll(
          List.of(
              "--enable-native-access=" + module.getName(),
              "--module-path",
              Optional.ofNullable(System.getProperty("jdk.module.path")).orElse(""),
              "--module",
              module.getName() + "/" + main.getName()));
    } else {
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path", ""),
              main.getName()));
    }
    command.addAll(arguments);
    return command;
  }
}
