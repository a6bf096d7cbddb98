package io.sharekeep.appliance.cli;

import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.config.ConfigurationProblem;
import io.sharekeep.appliance.http.ListenFailure;
import io.sharekeep.appliance.http.StrictJson;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.pkcs11.terms.TokenException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code sharekeep}. */
@Command(
    name = "sharekeep",
    mixinStandardHelpOptions = true,
    versionProvider = Sharekeep.Version.class,
    description = "One party of a threshold key, on an HSM.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Init.class,
      Serve.class,
      Status.class,
      Doctor.class,
      Hsm.class,
      Key.class,
      Sign.class,
      Request.class,
      Blame.class,
      Freeze.class,
      Freeze.Unfreeze.class,
      Intents.class,
      Committee.class,
      Policy.class,
      Audit.class,
      Identity.class,
      Completion.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  done",
      "  1  internal: a fault of this program; its log has it",
      "  2  usage or configuration",
      "  3  denied",
      "  4  deferred: approvals are needed",
      "  5  the state does not admit it",
      "  6  unavailable; trying again may help",
      "  7  aborted; the culprits are printed"
    })
public final class Sharekeep {
  private final Map<String, String> environment;
  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;

  private Sharekeep(
      Map<String, String> environment, InputStream in, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Runs a command line of this process. */
  public static int run(String... arguments) {
    return run(
        System.getenv(),
        new PrintWriter(System.out, true, Charset.defaultCharset()),
        new PrintWriter(System.err, true, Charset.defaultCharset()),
        arguments);
  }

  /** The same with everything that it writes to given. */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    return run(environment, System.in, out, err, arguments);
  }

  /** The same with everything that it touches given. */
  static int run(
      Map<String, String> environment,
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    boolean plain = environment.containsKey("NO_COLOR");
    return new CommandLine(new Sharekeep(environment, in, out, err))
        .setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.AUTO))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(true)
        .setUsageHelpAutoWidth(true)
        .registerConverter(Duration.class, Requests::duration)
        .registerConverter(Instant.class, Requests::instant)
        .setParameterExceptionHandler((failure, _) -> misused(failure))
        .setExecutionExceptionHandler((failure, line, _) -> failed(failure, line))
        .execute(arguments);
  }

  /** One sentence and where the whole help is; who typed nothing gets the help itself. */
  private static int misused(ParameterException failure) {
    var line = failure.getCommandLine();
    var err = line.getErr();
    err.println(line.getColorScheme().errorText("error: " + failure.getMessage()));
    if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
      if (line.getParseResult().originalArgs().isEmpty()) {
        line.usage(err);
      } else {
        err.println("help: " + line.getCommandSpec().qualifiedName() + " --help");
      }
    }
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine line) {
    var problem =
        switch (failure) {
          case CliProblem e -> e;
          case ConfigurationProblem e -> new CliProblem(ExitCode.USAGE, message(e));
          case StartupException e -> new CliProblem(ExitCode.USAGE, message(e));
          case ListenFailure e -> new CliProblem(ExitCode.UNAVAILABLE, message(e));
          case TokenException e -> new CliProblem(ExitCode.USAGE, message(e));
          case StrictJson.Malformed e ->
              new CliProblem(
                  ExitCode.INTERNAL, "the appliance's answer does not parse: " + message(e));
          default -> {
            LoggerFactory.getLogger(Sharekeep.class).error("command failed", failure);
            yield new CliProblem(
                ExitCode.INTERNAL,
                "this is a fault of sharekeep ("
                    + failure.getClass().getSimpleName()
                    + "); the log line above has the details, please report it");
          }
        };
    var err = line.getErr();
    err.println(line.getColorScheme().errorText("error: " + problem.getMessage()));
    err.flush();
    return problem.exitCode();
  }

  private static String message(Exception e) {
    return Objects.toString(e.getMessage(), e.getClass().getSimpleName());
  }

  Map<String, String> environment() {
    return environment;
  }

  InputStream in() {
    return in;
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"sharekeep " + Appliance.VERSION};
    }
  }
}
