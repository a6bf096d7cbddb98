package io.sharekeep.committee;

import io.sharekeep.softhsm.SoftHsmTokens;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Each appliance is a process of its own, started by the launcher as on a real host. */
final class Processes implements Housing {
  private static final long STOP_SECONDS = 30;

  private final Path launcher;
  private final Map<Integer, Process> running = new ConcurrentHashMap<>();

  Processes(Path launcher) {
    this.launcher = launcher;
  }

  @Override
  public Sharekeep sharekeep(SoftHsmTokens tokens) {
    return new Sharekeep(
        launcher, Map.of("SOFTHSM2_CONF", tokens.home().configuration().toString()));
  }

  @Override
  public void start(Member member) {
    var process =
        member
            .sharekeep()
            .start(member.log(), "serve", "--config", member.configuration().toString());
    var earlier = running.put(member.party(), process);
    if (earlier != null && earlier.isAlive()) {
      earlier.destroyForcibly();
      throw new IllegalStateException(member.name() + " was running already");
    }
  }

  @Override
  public void stop(Member member) {
    end(member, Process::destroy);
  }

  @Override
  public void kill(Member member) {
    end(member, Process::destroyForcibly);
  }

  private void end(Member member, java.util.function.Consumer<Process> way) {
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
  public Optional<Integer> ended(Member member) {
    return Optional.ofNullable(running.get(member.party()))
        .filter(process -> !process.isAlive())
        .map(Process::exitValue);
  }
}
