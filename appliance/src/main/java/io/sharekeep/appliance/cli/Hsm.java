package io.sharekeep.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep hsm}. */
@Command(
    name = "hsm",
    mixinStandardHelpOptions = true,
    description = "What the tokens are, what they can do, and the keys in them.",
    subcommands = {HsmProbe.class, HsmProvision.class, HsmEvidence.class, HsmReseal.class})
final class Hsm implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(
        ExitCode.USAGE, "say what to do: hsm probe, provision, evidence or reseal");
  }
}
