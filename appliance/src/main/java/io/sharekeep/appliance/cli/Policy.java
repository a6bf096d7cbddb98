package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.CallerIdentity.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep policy}. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "What one party signs and for whom; its owner signs it. Nothing else is allowed.",
    subcommands = {
      Policy.Draft.class,
      PolicyTools.Lint.class,
      PolicyTools.Test.class,
      PolicyTools.Explain.class,
      PolicyTools.Replay.class,
      PolicyTools.Diff.class,
      SignDocument.class,
      Policy.Verify.class,
      PolicyTools.Activate.class,
      PolicyTools.Submit.class,
      PolicyCancel.class
    })
final class Policy implements Runnable, SignDocument.Parent {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Override
  public Sharekeep sharekeep() {
    return parent;
  }

  @Override
  public void run() {
    throw new CliProblem(
        ExitCode.USAGE,
        "say what to do: policy draft, lint, test, explain, replay, diff, sign, verify, activate,"
            + " submit or cancel");
  }

  /** {@code sharekeep policy draft}. */
  @Command(
      name = "draft",
      mixinStandardHelpOptions = true,
      description = {
        "Writes a first version: who is who and one rule, which lets the initiators use "
            + "any key for the purposes given.",
        "Edit it before signing where that is too much."
      })
  static final class Draft implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Option(names = "--tenant", required = true, paramLabel = "NAME", description = "The tenant.")
    String tenant = "";

    @Option(names = "--id", required = true, paramLabel = "NAME", description = "Its name.")
    String id = "";

    @Option(
        names = "--party",
        required = true,
        paramLabel = "NAME",
        description = "The name of the party whose policy it is.")
    String party = "";

    @Option(
        names = "--committee",
        required = true,
        paramLabel = "FILE",
        description = "A committee document that it accepts; may be repeated.")
    List<Path> committees = new ArrayList<>();

    @Option(
        names = "--person",
        paramLabel = "FILE",
        description = "NAME.json of a person; may be repeated.")
    List<Path> people = new ArrayList<>();

    @Option(
        names = "--service",
        paramLabel = "FILE",
        description = "NAME.json of a service; may be repeated.")
    List<Path> services = new ArrayList<>();

    @Option(
        names = "--grant",
        paramLabel = "ROLE=NAME",
        description =
            "Gives a role: administrator, operator, initiator, approver, auditor, metrics "
                + "or backup; may be repeated.")
    List<String> grants = new ArrayList<>();

    @Option(
        names = "--purpose",
        paramLabel = "PURPOSE",
        description = "What initiators may sign, such as btc.tx or sol.tx; may be repeated.")
    List<String> purposes = new ArrayList<>();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The document.")
    Path out = Path.of("policy.json");

    @Override
    public Integer call() {
      var json = JsonNodeFactory.instance.objectNode();
      json.put("apiVersion", "sharekeep.policy/v1");
      json.put("tenant", tenant);
      json.put("id", id);
      json.put("party", party);
      json.put("version", 1);
      actors(json.putObject("people"), people);
      actors(json.putObject("services"), services);
      var hashes = json.putArray("committees");
      Connection.documents(committees).forEach(committee -> hashes.add(committee.hash()));
      var roles = json.putObject("roles");
      var initiators = new ArrayList<String>();
      for (var role : Role.values()) {
        var label = role.name().toLowerCase(Locale.ROOT);
        var holders = roles.putArray(label);
        for (var grant : grants) {
          if (grant.startsWith(label + "=")) {
            var name = grant.substring(label.length() + 1);
            holders.add(name);
            if (role == Role.INITIATOR) {
              initiators.add(name);
            }
          }
        }
      }
      check();
      var rules = json.putArray("allow");
      if (!purposes.isEmpty() && !initiators.isEmpty()) {
        var rule = rules.addObject();
        rule.put("id", "initiators");
        initiators.forEach(rule.putArray("initiator")::add);
        rule.putArray("keys").add("*");
        purposes.forEach(rule.putArray("purposes")::add);
      }
      DocumentCommands.draft(policy.parent, json, out, output);
      return ExitCode.DONE;
    }

    private void check() {
      for (var grant : grants) {
        boolean known = false;
        for (var role : Role.values()) {
          known |= grant.startsWith(role.name().toLowerCase(Locale.ROOT) + "=");
        }
        if (!known) {
          throw new CliProblem(ExitCode.USAGE, "--grant " + grant + ": write ROLE=NAME");
        }
      }
    }

    private static void actors(ObjectNode into, List<Path> files) {
      for (var file : files) {
        var identity = IdentityFile.read(file);
        var actor = into.putObject(identity.name());
        actor.set("keys", identity.json().path("keys"));
        actor.set("tls", identity.json().path("tls"));
      }
    }
  }

  /** {@code sharekeep policy verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Shows the document's hash and what is missing; exit 0 only if nothing is.")
  static final class Verify implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call
    @ParentCommand
    Policy policy;

    @Mixin Output output = new Output();

    @Parameters(paramLabel = "FILE", description = "The document.")
    Path file = Path.of("policy.json");

    @Option(
        names = "--owner",
        paramLabel = "FILE|HEX",
        description = "The owner, who must have signed: NAME.json or the key in hex.")
    @Nullable String owner;

    @Override
    public Integer call() {
      return DocumentCommands.verify(
          policy.parent,
          file,
          output,
          owner == null ? List.of() : List.of(IdentityFile.ed25519(owner)));
    }
  }
}
