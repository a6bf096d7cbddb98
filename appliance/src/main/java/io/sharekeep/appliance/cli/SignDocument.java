package io.sharekeep.appliance.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code sharekeep committee sign} and {@code sharekeep policy sign}: the file says which it is.
 */
@Command(
    name = "sign",
    mixinStandardHelpOptions = true,
    description = "Adds an owner's signature to the document, in place.")
final class SignDocument implements Callable<Integer> {
  /** What it is a subcommand of. */
  interface Parent {
    Sharekeep sharekeep();
  }

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Parent parent;

  @Mixin Output output = new Output();

  @Parameters(paramLabel = "FILE", description = "The document.")
  Path file = Path.of("");

  @Option(
      names = {"--owner-key", "--key"},
      required = true,
      paramLabel = "FILE",
      description = "The owner's Ed25519 key: NAME.key.pem of identity new.")
  Path key = Path.of("");

  @Override
  public Integer call() {
    return DocumentCommands.sign(parent.sharekeep(), file, key, output);
  }
}
