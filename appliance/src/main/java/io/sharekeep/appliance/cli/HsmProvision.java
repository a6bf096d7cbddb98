package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.Enclaves;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--fallback",
      description =
          "For a party that is there and stopped: only makes the kek of the token that"
              + " hsm.fallback names. Its records are sealed to it once it runs.")
  boolean fallback;

  @Override
  public Integer call() {
    if (!fallback) {
      keys.requireOwner("hsm provision needs --owner, or --fallback for a party that is there");
    }
    var configuration = configured.read(hsm.parent.environment());
    if (fallback) {
      return fallback(configuration);
    }
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

  private int fallback(ApplianceConfiguration configuration) {
    var json = JsonNodeFactory.instance.objectNode().put("made", true);
    json.put("kek", Enclaves.provisionFallback(Appliance.enclave(configuration)));
    var row = new ChosenTokens().look(configuration.hsm(), true, false).evidence();
    var evidence = json.putArray("evidence");
    row.stream()
        .filter(key -> key.path("token").asText().equals(ChosenTokens.FALLBACK))
        .forEach(evidence::add);
    output.print(hsm.parent.out(), json, HsmEvidence.COLUMNS, evidence);
    boolean proven =
        StreamSupport.stream(evidence.spliterator(), false)
            .allMatch(key -> key.path("result").asText().equals("ok"));
    return proven ? ExitCode.DONE : ExitCode.USAGE;
  }
}
