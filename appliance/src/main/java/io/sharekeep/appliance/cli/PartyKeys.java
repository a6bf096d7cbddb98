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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Makes a party: the keys in both tokens, the TLS certificate and the state folder; and how its
 * description reads in the committee document.
 */
final class PartyKeys {
  private static final String SUBJECT = "sharekeep";

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
      names = "--days",
      paramLabel = "N",
      defaultValue = "825",
      description = "How long the TLS certificate lives (default: ${DEFAULT-VALUE}).")
  int days = 825;

  void requireOwner(String problem) {
    if (owner == null) {
      throw new CliProblem(ExitCode.USAGE, problem);
    }
  }

  /** Makes all of it, and gives the party's description, which goes to {@code --out} as well. */
  ObjectNode make(ApplianceConfiguration configuration) {
    var ownerKey = IdentityFile.ed25519(Objects.requireNonNull(owner, "owner"));
    folder(configuration.stateDirectory());
    ObjectNode party = JsonNodeFactory.instance.objectNode();
    try (var edge = EdgeToken.provision(Appliance.edge(configuration.hsm()))) {
      writeCertificate(configuration, edge);
      var core = Enclaves.provision(Appliance.enclave(configuration), ownerKey);
      describe(party, ownerKey, core, edge);
    }
    if (out != null) {
      PemFiles.write(out, (party.toPrettyString() + "\n").getBytes(UTF_8));
    }
    return party;
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

  /** Over the edge token's key, for as many days as were asked for. */
  void writeCertificate(ApplianceConfiguration configuration, EdgeToken edge) {
    if (days < 1 || days > 3650) {
      throw new CliProblem(ExitCode.USAGE, "--days is from 1 to 3650");
    }
    PemFiles.write(
        configuration.certificate(),
        PemFiles.pem(
                "CERTIFICATE",
                Certificates.over(edge, name != null ? name : SUBJECT, Duration.ofDays(days)))
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
