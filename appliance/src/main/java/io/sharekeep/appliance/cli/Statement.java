package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.enclave.OfflineRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What a person says to a request that waits: signed with their own key, here or offline. */
abstract class Statement implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it before the call
  @ParentCommand
  Request request;

  @Mixin Connection connection = new Connection();
  @Mixin Output output = new Output();

  @Parameters(
      paramLabel = "ID|FILE",
      description =
          "Its id; with --offline the file that request export wrote or that holds the text of its"
              + " QR codes, or - for the standard input.")
  String subject = "";

  @Option(
      names = "--offline",
      description = "Asks nobody: reads the request from its file and writes to --out.")
  boolean offline;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "NAME",
      description = "Who you are in the policy.")
  String person = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "Your signing key: PKCS#8 PEM, Ed25519 or P-256.")
  Path key = Path.of("");

  @Option(
      names = "--valid-for",
      paramLabel = "DURATION",
      defaultValue = "4h",
      description = "How long it counts (default: ${DEFAULT-VALUE}).")
  Duration validFor = Duration.ofHours(4);

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "With --offline: where the signed statement goes, for request import.")
  @Nullable Path out;

  @Option(
      names = "--qr",
      description = "With --offline: shows the signed statement as QR codes, for request import.")
  boolean qr;

  abstract String choice();

  @Override
  public Integer call() {
    if (offline) {
      return onFiles();
    }
    try (var client = connection.open()) {
      var waiting = client.get(Request.WAITING + "/" + Request.id(subject));
      show(waiting);
      var statement = Request.object(Path.of(subject), signed(waiting));
      output.print(request.parent.out(), Request.bring(client, subject, statement));
    }
    return ExitCode.DONE;
  }

  private int onFiles() {
    if (out == null && !qr) {
      throw new CliProblem(ExitCode.USAGE, "--offline needs --out FILE or --qr");
    }
    var waiting = Carried.read(Path.of(subject), System.in, "the request");
    show(waiting);
    var statement = signed(waiting);
    if (out != null) {
      PemFiles.write(out, statement);
    }
    if (qr) {
      Carried.show(request.parent.out(), statement);
    }
    return ExitCode.DONE;
  }

  /** What is signed is what was read here, and that is shown. */
  private void show(JsonNode waiting) {
    var err = request.parent.err();
    var read = Request.read(waiting);
    err.println(read.initiator() + " asks, in request " + read.requestId() + ":");
    read.summary().forEach(line -> err.println("  " + line));
    err.println(read.hashName() + " " + read.hash());
    err.println("words: " + String.join(" ", read.words()));
    err.flush();
  }

  private byte[] signed(JsonNode waiting) {
    var signer = PemFiles.signingKey(key);
    var policies = new ArrayList<String>();
    waiting.path("policies").forEach(hash -> policies.add(hash.asText()));
    if (policies.isEmpty()) {
      throw new CliProblem(ExitCode.USAGE, "the request names no policy to sign under");
    }
    return Request.read(waiting)
        .said(
            person,
            choice(),
            List.copyOf(policies),
            Instant.now().plus(validFor).truncatedTo(ChronoUnit.SECONDS),
            new OfflineRequest.Pen(signer.algorithm(), signer.spki(), signer::sign));
  }

  /** {@code sharekeep request approve}. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Reads what is asked for, shows what it does and approves it with your key.",
        "The last approval that is needed lets it be done at once."
      })
  static final class Approve extends Statement {
    @Override
    String choice() {
      return "approve";
    }
  }

  /** {@code sharekeep request reject}. */
  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Ends the request: it is never done.")
  static final class Reject extends Statement {
    @Override
    String choice() {
      return "reject";
    }
  }

  /** {@code sharekeep request withdraw}. */
  @Command(
      name = "withdraw",
      mixinStandardHelpOptions = true,
      description = "Takes your approval back, for good, as long as the request waits.")
  static final class Withdraw extends Statement {
    @Override
    String choice() {
      return "withdraw";
    }
  }
}
