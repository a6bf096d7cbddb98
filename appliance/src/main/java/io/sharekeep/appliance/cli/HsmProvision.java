package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep hsm provision}. */
@Command(
    name = "provision",
    mixinStandardHelpOptions = true,
    description = {
      "The first step of init with both tokens tried before it and proven after it: first the"
          + " checks of hsm probe --trial, and only if all pass the five keys, from templates that"
          + " let each do one thing; then the evidence of each.",
      "",
      "After it comes init's second step (--committee, --policy). A party is made once: on tokens"
          + " that hold our keys, or over a state folder, nothing is made."
    },
    footerHeading = "%nExit codes:%n",
    footer = {"  0  made and proven", "  2  not made, or not as it must be; or usage"})
final class HsmProvision implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Hsm hsm;

  @Mixin Configured configured = new Configured();
  @Mixin PartyKeys keys = new PartyKeys();
  @Mixin Output output = new Output();

  @Override
  public Integer call() {
    keys.requireOwner("hsm provision needs --owner");
    var configuration = configured.read(hsm.parent.environment());
    var out = hsm.parent.out();
    var tokens = new ChosenTokens();
    var failed = tokens.look(configuration.hsm(), true, true).failed();
    if (!failed.isEmpty()) {
      var json = JsonNodeFactory.instance.objectNode().put("made", false);
      failed.forEach(json.putArray("failed")::add);
      output.print(out, json, Looks.COLUMNS, failed);
      hsm.parent.err().println("error: no key was made; change what is told above first");
      hsm.parent.err().flush();
      return ExitCode.USAGE;
    }
    var json = JsonNodeFactory.instance.objectNode().put("made", true);
    json.set("party", keys.make(configuration));
    var looks = tokens.look(configuration.hsm(), true, false);
    var evidence = json.putArray("evidence");
    looks.evidence().forEach(evidence::add);
    if (output.format == Output.Format.TABLE) {
      output.print(out, json.path("party"));
      out.println();
    }
    output.print(out, json, HsmEvidence.COLUMNS, evidence);
    return looks.proven() ? ExitCode.DONE : ExitCode.USAGE;
  }
}
