package io.sharekeep.appliance.cli;

import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.logging.Logs;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.Enclaves;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the appliance until it is told to stop (SIGTERM, Ctrl-C).")
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Configured configured = new Configured();

  @Override
  public Integer call() throws InterruptedException {
    // First of all, before anything is read that is worth stealing from a core file.
    var hardening = Enclaves.harden();
    var environment = parent.environment();
    for (var variable : new String[] {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"}) {
      if (environment.containsKey(variable)) {
        throw new CliProblem(
            ExitCode.USAGE,
            variable + " is set and could load an agent into this process; unset it");
      }
    }
    var configuration = configured.read(environment);
    Logs.daemon(configuration.logLevel());
    hardening.stream()
        .filter(check -> !check.passed())
        .forEach(check ->
            LOG.atWarn()
                .addKeyValue("sharekeep.check", check.name())
                .log("process hardening: {} {}", check.name(), check.detail()));
    var stop = new CountDownLatch(1);
    var appliance = Appliance.start(configuration);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  appliance.close();
                  stopped.countDown();
                  stop.countDown();
                }));
    stop.await();
    stopped.await();
    return ExitCode.DONE;
  }

  /** For messages elsewhere. */
  static String describe(Check check) {
    return (check.passed() ? "ok    " : "FIX   ") + check.name() + "  " + check.detail();
  }
}
