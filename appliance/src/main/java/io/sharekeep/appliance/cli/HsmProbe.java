package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep hsm probe}. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description = {
      "Says what a PKCS#11 library and its tokens are, which profile matches and why, and checks"
          + " them, each with what was found, what is expected and what to do.",
      "",
      "The library is loaded in a process of its own: if it crashes or hangs, that is told here.",
      "Each token is logged in to once. Keys are made only with --trial."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  every check passed, or is but a note",
      "  2  something must be changed: the rows that say so; or usage"
    })
final class HsmProbe implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Hsm hsm;

  @Mixin ChosenTokens tokens = new ChosenTokens();
  @Mixin Output output = new Output();

  @Option(names = "--no-login", description = "Uses no PIN: only what tokens tell anybody.")
  boolean noLogin;

  @Option(
      names = "--trial",
      description =
          "Makes throw-away keys in the token, tries with them what an appliance needs, and"
              + " destroys them.")
  boolean trial;

  @Override
  public Integer call() {
    if (trial && noLogin) {
      throw new CliProblem(ExitCode.USAGE, "--trial needs a login; leave --no-login out");
    }
    var looks = tokens.look(hsm.parent.environment(), !noLogin, trial);
    boolean passed = looks.failed().isEmpty();
    var json = JsonNodeFactory.instance.objectNode().put("passed", passed);
    json.set("described", looks.described());
    var checks = json.putArray("checks");
    looks.checks().forEach(checks::add);
    var out = hsm.parent.out();
    if (output.format == Output.Format.TABLE) {
      for (var about : looks.described()) {
        output.print(out, about);
        out.println();
      }
    }
    output.print(out, json, Looks.COLUMNS, checks);
    return passed ? ExitCode.DONE : ExitCode.USAGE;
  }
}
