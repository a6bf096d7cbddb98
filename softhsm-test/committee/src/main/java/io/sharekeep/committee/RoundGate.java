package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands in front of a member's peer listener, with the member's own TLS key, and can hold the
 * message of a chosen round before the member has it or its answer before the relay has that. The
 * members know nothing of it: it listens at the address that the committee document names.
 *
 * <p>A process of its own, since a process sees one SoftHSM home.
 */
final class RoundGate implements AutoCloseable {
  private static final String HELD = "held";
  private static final String READY = "ready";
  private static final Duration START = Duration.ofSeconds(60);

  /** Where a message is held. */
  enum Moment {
    /** The member has not seen it. */
    BEFORE,
    /** The member has answered, and nobody has the answer. */
    AFTER
  }

  private final Process process;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  private RoundGate(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("gate").start(this::read);
  }

  /**
   * Opens the gate; the member has to listen behind it: {@code
   * member.startWith("listeners.peer=127.0.0.1:" + behind)}.
   *
   * @param behind the port where the member listens in truth
   */
  static RoundGate before(Member member, int behind) {
    var builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-Dsun.net.httpserver.nodelay=true",
            RoundGateProcess.class.getName(),
            member.tokens().library().toString(),
            member.tokens().edgeLabel(),
            member.tokens().edgePinFile().toString(),
            member.stateFolder().resolve("tls.pem").toString(),
            Integer.toString(URI.create(member.peerUrl()).getPort()),
            Integer.toString(behind));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SOFTHSM2_CONF", member.tokens().home().configuration().toString());
    try {
      var gate = new RoundGate(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
      if (gate.event(START).filter(READY::equals).isEmpty()) {
        gate.close();
        throw new IllegalStateException("the gate before " + member.name() + " does not open");
      }
      return gate;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(line);
      }
    } catch (IOException e) {
      events.add(String.valueOf(e));
    }
  }

  private Optional<String> event(Duration patience) {
    try {
      return Optional.ofNullable(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The next message of that round will be held; all others pass. */
  void hold(int round, Moment moment) {
    events.clear();
    say(moment + " " + round);
  }

  /** Whether a message is held now, after waiting so long for one. */
  boolean holds(Duration patience) {
    return event(patience).filter(HELD::equals).isPresent();
  }

  /** What is held goes on, if whom it is for still lives; nothing more will be held. */
  void release() {
    say("release");
  }

  private void say(String line) {
    try {
      var out = process.outputWriter(US_ASCII);
      out.write(line + "\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a gate has gone", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
