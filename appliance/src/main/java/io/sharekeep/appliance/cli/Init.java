package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.Appliance;
import io.sharekeep.appliance.ApplianceConfiguration;
import io.sharekeep.enclave.Enclaves;
import io.sharekeep.enclave.ProvisionedIdentity;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.pkcs11.edge.EdgeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
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
  private static final String SUBJECT = "sharekeep";

  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Sharekeep parent;

  @Mixin Configured configured = new Configured();
  @Mixin Output output = new Output();

  @Option(
      names = "--owner",
      paramLabel = "FILE|HEX",
      description =
          "The owner, who signs its documents: NAME.json of identity new, or the hex "
              + "SubjectPublicKeyInfo of an Ed25519 key.")
  @Nullable String owner;

  @Option(names = "--name", paramLabel = "NAME", description = "The party's name.")
  @Nullable String name;

  @Option(names = "--id", paramLabel = "N", description = "The party's number, from 1.")
  int id;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where peers find its peer listener: https://HOST:PORT.")
  @Nullable String url;

  @Option(
      names = "--points",
      paramLabel = "N",
      split = ",",
      description = "The evaluation points that it owns, its weight (default: its number).")
  List<Integer> points = new ArrayList<>();

  @Option(
      names = "--recovery-recipient",
      paramLabel = "HEX",
      description =
          "SHA-256 of the key that recovery shares will go to; no two parties may share "
              + "one (default: the owner's key).")
  @Nullable String recoveryRecipient;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes the description there as well.")
  @Nullable Path out;

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
      description = "Only makes a new TLS certificate for the key that is there.")
  boolean certificateOnly;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "825",
      description = "How long the TLS certificate lives (default: ${DEFAULT-VALUE}).")
  int days = 825;

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
    if (owner == null) {
      throw new CliProblem(
          ExitCode.USAGE,
          "the first step needs --owner, the second --committee FILE and --policy FILE");
    }
    var ownerKey = IdentityFile.ed25519(owner);
    folder(configuration.stateDirectory());
    ObjectNode party = JsonNodeFactory.instance.objectNode();
    try (var edge = EdgeToken.provision(Appliance.edge(configuration.hsm()))) {
      writeCertificate(configuration, edge, name != null ? name : SUBJECT);
      var core = Enclaves.provision(Appliance.enclave(configuration), ownerKey);
      describe(party, ownerKey, core, edge);
    }
    if (out != null) {
      PemFiles.write(out, (party.toPrettyString() + "\n").getBytes(UTF_8));
    }
    output.print(parent.out(), party);
    return ExitCode.DONE;
  }

  private void describe(
      ObjectNode party, byte[] ownerKey, ProvisionedIdentity core, EdgeToken edge) {
    var hex = HexFormat.of();
    if (id > 0) {
      party.put("id", id);
    }
    if (name != null) {
      party.put("name", name);
    }
    if (url != null) {
      party.put("url", url);
    }
    party.put("identity", hex.formatHex(core.identity()));
    party.put("log", hex.formatHex(core.log()));
    party.put("tls", SignatureKeys.pin(edge.publicKey().spki()));
    party.put("owner", hex.formatHex(ownerKey));
    party.put(
        "recoveryRecipient",
        recoveryRecipient != null ? recoveryRecipient : SignatureKeys.pin(ownerKey));
    if (!points.isEmpty()) {
      points.forEach(party.putArray("points")::add);
    } else if (id > 0) {
      party.putArray("points").add(id);
    }
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
      writeCertificate(configuration, edge, name != null ? name : SUBJECT);
      var json = JsonNodeFactory.instance.objectNode();
      json.put("certificate", configuration.certificate().toString());
      json.put("tls", SignatureKeys.pin(edge.publicKey().spki()));
      output.print(parent.out(), json);
      return ExitCode.DONE;
    }
  }

  private void writeCertificate(
      ApplianceConfiguration configuration, EdgeToken edge, String subject) {
    if (days < 1 || days > 3650) {
      throw new CliProblem(ExitCode.USAGE, "--days is from 1 to 3650");
    }
    PemFiles.write(
        configuration.certificate(),
        PemFiles.pem("CERTIFICATE", Certificates.over(edge, subject, Duration.ofDays(days)))
            .getBytes(UTF_8));
  }

  private static void folder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new CliProblem(
          ExitCode.USAGE, "cannot make the state folder " + folder + "; check its parent's owner");
    }
  }
}
