package io.sharekeep.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "The audit log: reads it, copies it, and checks a copy without any appliance.",
    subcommands = {AuditTail.class, AuditExport.class, AuditVerify.class, AuditProve.class})
final class Audit implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public void run() {
    throw new CliProblem(ExitCode.USAGE, "say what to do: audit tail, export, verify or prove");
  }
}
