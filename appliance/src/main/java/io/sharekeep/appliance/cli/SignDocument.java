package io.sharekeep.appliance.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    description = {
      "Adds a signature to the document, in place.",
      "A policy of typed rules that is still YAML is compiled first: name the signed file by --out."
    })
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

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where the signed document goes (default: where it came from, if that is JSON).")
  @Nullable Path out;

  @Override
  public Integer call() {
    return DocumentCommands.sign(parent.sharekeep(), file, Optional.ofNullable(out), key, output);
  }
}
