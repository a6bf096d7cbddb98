package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sharekeep.softhsm.SoftHsmTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Each appliance is a process of its own, started by the launcher as on a real host. */
final class Processes implements Housing {
  private static final long COMMAND_SECONDS = 180;
  private static final long STOP_SECONDS = 30;

  private final Path launcher;
  private final boolean shortLived;
  private final Map<Integer, Process> running = new ConcurrentHashMap<>();

  /**
   * @param launcher {@code bin/sharekeep}
   * @param shortLived whether starting them is most of what they do
   */
  Processes(Path launcher, boolean shortLived) {
    this.launcher = launcher;
    this.shortLived = shortLived;
  }

  @Override
  public Sharekeep sharekeep(SoftHsmTokens tokens) {
    return arguments -> {
      try {
        return run(builder(tokens, arguments));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot run " + launcher, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    };
  }

  private static Sharekeep.Result run(ProcessBuilder builder)
      throws IOException, InterruptedException {
    var errors = Files.createTempFile("sharekeep", ".err");
    try {
      var process = builder.redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      var out = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(builder.command() + " hangs");
      }
      return new Sharekeep.Result(process.exitValue(), out, Files.readString(errors));
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  @Override
  public void start(Member member, List<String> settings) {
    var arguments =
        new ArrayList<>(List.of("serve", "--config", member.configuration().toString()));
    settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    try {
      var process =
          builder(member.tokens(), arguments)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(member.log().toFile()))
              .start();
      process.getOutputStream().close();
      var earlier = running.put(member.party(), process);
      if (earlier != null && earlier.isAlive()) {
        earlier.destroyForcibly();
        throw new IllegalStateException(member.name() + " was running already");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + launcher, e);
    }
  }

  private ProcessBuilder builder(SoftHsmTokens tokens, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(launcher.toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("SOFTHSM2_CONF", tokens.home().configuration().toString());
    builder.environment().put("SHAREKEEP_SHORT_LIVED", Boolean.toString(shortLived));
    // The launcher refuses options that come in sideways; a test runner may have set them.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return builder;
  }

  @Override
  public void stop(Member member) {
    end(member, Process::destroy);
  }

  @Override
  public void kill(Member member) {
    end(member, Process::destroyForcibly);
  }

  private void end(Member member, Consumer<Process> way) {
    var process = running.remove(member.party());
    if (process == null) {
      return;
    }
    way.accept(process);
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(member.name() + " does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  @Override
  public Optional<ProcessHandle> process(Member member) {
    return Optional.ofNullable(running.get(member.party()))
        .filter(Process::isAlive)
        .map(Process::toHandle);
  }

  @Override
  public Optional<Integer> ended(Member member) {
    return Optional.ofNullable(running.get(member.party()))
        .filter(process -> !process.isAlive())
        .map(Process::exitValue);
  }
}
