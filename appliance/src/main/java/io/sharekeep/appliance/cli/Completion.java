package io.sharekeep.appliance.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sharekeep completion}. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what makes a shell complete commands and options.",
      "For this shell: source <(sharekeep completion bash). For all of them: write it to"
          + " ~/.local/share/bash-completion/completions/sharekeep, or source it in ~/.zshrc."
    })
final class Completion implements Callable<Integer> {
  /** The script asks which of the two runs it. */
  enum Shell {
    BASH,
    ZSH
  }

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @Spec
  CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    var root = spec.root();
    parent.out().print(AutoComplete.bash(root.name(), root.commandLine()));
    parent.out().flush();
    return ExitCode.DONE;
  }
}
