package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep hsm evidence}. */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    description = {
      "Reads every attribute of each of our keys in both tokens, tries what must be refused, and"
          + " holds both against what is demanded. Changes nothing.",
      "",
      "It is the library's word: what a vendor signs proves hardware, this does not.",
      "-o json has every finding, and the profile's exemptions that were needed."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  every key is there and as it must be",
      "  2  a key is missing or too weak, or the token could not be looked at; or usage"
    })
final class HsmEvidence implements Callable<Integer> {
  /** Columns of a row of evidence. */
  static final List<String> COLUMNS =
      List.of("token", "key", "result", "id", "violations", "exempted");

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Hsm hsm;

  @Mixin ChosenTokens tokens = new ChosenTokens();
  @Mixin Output output = new Output();

  @Override
  public Integer call() {
    var looks = tokens.look(hsm.parent.environment(), true, false);
    boolean passed = looks.proven() && looks.failed().isEmpty();
    var json = JsonNodeFactory.instance.objectNode().put("passed", passed);
    json.set("described", looks.described());
    var evidence = json.putArray("evidence");
    looks.evidence().forEach(evidence::add);
    var failed = json.putArray("failed");
    looks.failed().forEach(failed::add);
    var out = hsm.parent.out();
    output.print(out, json, COLUMNS, evidence);
    if (output.format == Output.Format.TABLE && !failed.isEmpty()) {
      out.println();
      output.print(out, json, Looks.COLUMNS, failed);
    }
    return passed ? ExitCode.DONE : ExitCode.USAGE;
  }
}
