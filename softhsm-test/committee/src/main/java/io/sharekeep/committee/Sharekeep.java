package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code sharekeep}, run as an operator runs it. */
public final class Sharekeep {
  private static final long LIMIT_SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path launcher;
  private final Map<String, String> environment;

  /**
   * @param environment added to ours
   */
  public Sharekeep(Path launcher, Map<String, String> environment) {
    this.launcher = launcher;
    this.environment = Map.copyOf(environment);
  }

  /** How a command ended. */
  public record Result(int exit, String out, String err) {}

  /** Runs to the end, whatever that is. */
  public Result run(List<String> arguments) {
    try {
      var errors = Files.createTempFile("sharekeep", ".err");
      try {
        var process = builder(arguments).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("sharekeep " + arguments + " hangs");
        }
        return new Result(process.exitValue(), out, Files.readString(errors));
      } finally {
        Files.deleteIfExists(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + launcher, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Runs a command that has to succeed and answers in JSON. */
  public JsonNode json(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    var result = run(all);
    if (result.exit() != 0) {
      throw new IllegalStateException(
          "sharekeep "
              + String.join(" ", all)
              + " ended with "
              + result.exit()
              + ": "
              + result.err().strip()
              + result.out().strip());
    }
    try {
      return JSON.readTree(result.out());
    } catch (IOException e) {
      throw new UncheckedIOException("sharekeep " + String.join(" ", all) + " wrote no JSON", e);
    }
  }

  /** Starts a command that stays, its output appended to a file. */
  public Process start(Path log, String... arguments) {
    try {
      var process =
          builder(List.of(arguments))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + launcher, e);
    }
  }

  private ProcessBuilder builder(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    // The launcher refuses options that come in sideways; a test runner may have set them.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder;
  }
}
