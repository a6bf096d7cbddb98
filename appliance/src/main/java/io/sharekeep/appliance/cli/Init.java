package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.pkcs11.edge.EdgeToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sharekeep init}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a party, offline and in two steps.",
      "",
      "First (--owner): makes the keys in both tokens, the TLS certificate and the "
          + "state folder, and prints the party's public description for the committee "
          + "document; --name, --id, --url and --points go into it as they are.",
      "",
      "Then (--committee, --policy): takes the signed documents. After that, serve."
    },
    footerHeading = "%nA configuration (sharekeep.yaml; paths are relative to it):%n",
    footer = {
      "  stateDirectory: state",
      "  hsm:",
      "    library: /usr/lib/softhsm/libsofthsm2.so",
      "    coreToken: sharekeep-core",
      "    edgeToken: sharekeep-edge",
      "    corePinFile: core.pin        # mode 0600, the PIN and nothing else",
      "    edgePinFile: edge.pin",
      "  listeners:",
      "    peer: 0.0.0.0:8441",
      "    client: 0.0.0.0:8442",
      "    health: 127.0.0.1:8443",
      "  tls:",
      "    certificate: state/tls.pem   # init writes it",
      "  secretMemory: mlock            # or memfd_secret, to require it",
      "  log:",
      "    level: info"
    })
final class Init implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Configured configured = new Configured();
  @Mixin PartyKeys keys = new PartyKeys();
  @Mixin Output output = new Output();

  @Option(
      names = "--committee",
      paramLabel = "FILE",
      description = "A committee document that all owners have signed; may be repeated.")
  List<Path> committees = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "This party's policy, signed by its owner.")
  @Nullable Path policy;

  @Option(
      names = "--certificate-only",
      description =
          "Only makes a new TLS certificate for the key that is there. An appliance that runs"
              + " shows it from then on; connections that are open stay.")
  boolean certificateOnly;

  @Override
  public Integer call() {
    var configuration = configured.read(parent.environment());
    if (certificateOnly) {
      return certificateOnly(configuration);
    }
    if (policy != null || !committees.isEmpty()) {
      return accept(configuration);
    }
    return provision(configuration);
  }

  private int provision(ApplianceConfiguration configuration) {
    keys.requireOwner(
        "the first step needs --owner, the second --committee FILE and --policy FILE");
    output.print(parent.out(), keys.make(configuration));
    return ExitCode.DONE;
  }

  private int accept(ApplianceConfiguration configuration) {
    if (policy == null || committees.isEmpty()) {
      throw new CliProblem(
          ExitCode.USAGE, "the second step needs --committee FILE and --policy FILE, both");
    }
    var documents =
        Enclaves.accept(
            Appliance.enclave(configuration),
            Connection.documents(committees),
            Connection.document(policy));
    var json = JsonNodeFactory.instance.objectNode();
    json.put("tenant", documents.tenant());
    json.put("policy", documents.policyHash());
    var list = json.putArray("committees");
    documents.committees().forEach(committee -> list.add(committee.hash()));
    output.print(parent.out(), json);
    return ExitCode.DONE;
  }

  private int certificateOnly(ApplianceConfiguration configuration) {
    try (var edge = EdgeToken.open(Appliance.edge(configuration.hsm()))) {
      keys.writeCertificate(configuration, edge);
      var json = JsonNodeFactory.instance.objectNode();
      json.put("certificate", configuration.certificate().toString());
      json.put("tls", SignatureKeys.pin(edge.publicKey().spki()));
      json.put("inForce", inForce(configuration));
      output.print(parent.out(), json);
      return ExitCode.DONE;
    }
  }

  /** An appliance that runs takes the new one at once; one that does not, when it starts. */
  private static boolean inForce(ApplianceConfiguration configuration) {
    if (!Files.exists(configuration.adminSocket())) {
      return false;
    }
    try {
      var answer = AdminClient.ask(configuration.adminSocket(), "certificate");
      if (!answer.path("inForce").asBoolean()) {
        throw new CliProblem(
            ExitCode.STATE, "the appliance keeps the old one: " + answer.path("why").asText());
      }
      return true;
    } catch (CliProblem e) {
      if (e.exitCode() == ExitCode.UNAVAILABLE) {
        return false; // It was killed and left its socket.
      }
      throw e;
    }
  }
}
