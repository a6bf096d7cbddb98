package io.sharekeep.attestation.verify;

import io.sharekeep.attestation.appraise.Exit;
import java.io.PrintWriter;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line as a whole. */
@Command(
    name = "sharekeep-verify",
    description = "Checks reports of Sharekeep appliances offline, from files alone.",
    mixinStandardHelpOptions = true,
    version = "sharekeep-verify " + SharekeepVerify.VERSION)
public final class SharekeepVerify {
  /** Of the verifier, as an EAR names it. */
  static final String VERSION = "0.1.0";

  private SharekeepVerify() {}

  /**
   * Runs one command.
   *
   * @return exit status, attestation section 12.1
   */
  public static int run(
      InstantSource clock, PrintWriter out, PrintWriter err, String... arguments) {
    var line = new CommandLine(new SharekeepVerify());
    line.addSubcommand(new VerifyCommand(clock));
    line.addSubcommand(new PolicyCommand());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler((e, _) -> {
      err.println(e.getMessage() + "; sharekeep-verify --help shows what there is");
      return Exit.ERROR.code();
    });
    line.setExecutionExceptionHandler((e, _, _) -> {
      // Never a trace, and never anything but an error: the causes that users make are Unusable.
      err.println(
          e instanceof Unusable unusable
              ? unusable.reason()
              : "the verifier itself broke (" + e.getClass().getSimpleName() + "): no verdict");
      return Exit.ERROR.code();
    });
    return arguments.length == 0 ? usage(line) : line.execute(arguments);
  }

  private static int usage(CommandLine line) {
    line.usage(line.getErr());
    return Exit.ERROR.code();
  }
}
