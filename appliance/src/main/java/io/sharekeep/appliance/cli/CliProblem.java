package io.sharekeep.appliance.cli;

import java.io.Serial;

/** Ends a command with a sentence for people: what happened, why, what to do. */
final class CliProblem extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int exitCode;

  CliProblem(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
