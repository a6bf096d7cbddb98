package io.sharekeep.attestation.verify;

import io.sharekeep.attestation.appraise.Appraiser;
import io.sharekeep.attestation.appraise.Exit;
import io.sharekeep.attestation.appraise.Question;
import io.sharekeep.attestation.appraise.Verdict;
import io.sharekeep.attestation.cose.CoseHeader;
import io.sharekeep.attestation.cose.CoseSign1;
import io.sharekeep.attestation.ear.Ear;
import io.sharekeep.attestation.eat.Claims;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.policy.PolicyFile;
import io.sharekeep.attestation.policy.ReleaseList;
import io.sharekeep.attestation.policy.Revocations;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sharekeep-verify verify}. */
@Command(
    name = "verify",
    description = {
      "Holds a report against an auditor's policy.",
      "Exit: 0 affirming, 1 error, 2 malformed, 3 invalid, 4 stale, 5 rolled back,"
          + " 6 contraindicated, 7 warning, 8 evidence missing."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final String HEX = "(?:[0-9a-fA-F]{2}){8,64}";

  private final InstantSource clock;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The bundle, report.skb.")
  private Path file;

  @Option(names = "--policy", required = true, description = "The auditor's signed policy.")
  private Path policyFile;

  @Option(
      names = "--policy-key",
      description = "The auditor's public key, PEM: nobody else's policy.")
  private @Nullable Path policyKey;

  @Option(names = "--nonce", description = "In hex: what the report was asked with.")
  private @Nullable String nonce;

  @Option(names = "--state", description = "Folder in which to remember this appliance.")
  private @Nullable Path state;

  @Option(names = "--at", description = "Appraise as of this UTC time instead of now.")
  private @Nullable String at;

  @Option(names = "--ear", description = "Write the result as an EAR (JWT) to this file.")
  private @Nullable Path ear;

  @Option(names = "--ear-key", description = "P-384 private key that signs it, PEM (PKCS#8).")
  private @Nullable Path earKey;

  @Option(
      names = {"-o", "--output"},
      description = "table or json.",
      defaultValue = "table")
  private Form form;

  @Option(
      names = "--explain",
      description = "Show for every check what was expected and what to do.")
  private boolean explain;

  /** How a verdict is shown. */
  enum Form {
    TABLE,
    JSON
  }

  @SuppressWarnings("NullAway.Init") // picocli fills the fields before it calls
  VerifyCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() {
    if ((ear == null) != (earKey == null)) {
      throw new Unusable("--ear and --ear-key go together");
    }
    var policy = policy();
    if (state == null) {
      return show(policy, verdict(policy, Optional.empty()));
    }
    try (var memory = MemoryFolder.open(state)) {
      memory.pin(policy.signer());
      var verdict = verdict(policy, Optional.of(memory));
      verdict
          .memory()
          .ifPresent(next -> memory.remember(verdict.claims().orElseThrow().unit().ueid(), next));
      return show(policy, verdict);
    }
  }

  private PolicyFile policy() {
    return switch (PolicyFile.read(InputFile.read(policyFile, PolicyFile.MAX_BYTES))) {
      case Parsed.Malformed<PolicyFile>(var reason) ->
          throw new Unusable(policyFile + ": " + reason);
      case Parsed.Valid<PolicyFile>(var policy) -> {
        if (policyKey != null && !policy.signer().holds(Pem.publicKey(policyKey))) {
          throw new Unusable(policyFile + ": not signed by the key in " + policyKey);
        }
        yield policy;
      }
    };
  }

  private Verdict verdict(PolicyFile policy, Optional<MemoryFolder> folder) {
    byte[] bundle = InputFile.read(file, CborLimits.BUNDLE.maxBytes() + 1);
    var question =
        new Question(
            policy,
            releases(policy),
            revocations(policy),
            Optional.ofNullable(nonce).map(VerifyCommand::nonce),
            folder.flatMap(memory -> claimedUnit(bundle).flatMap(memory::recall)),
            folder.isPresent(),
            instant());
    return new Appraiser().appraise(bundle, question);
  }

  /**
   * Which memory to open, by the report's own word; the appraiser believes the name only after the
   * signature, and what is remembered goes under the name it has believed.
   */
  private static Optional<Octets> claimedUnit(byte[] bundle) {
    return Bundle.read(bundle)
        .valid()
        .flatMap(
            read -> CoseSign1.read(read.report(), CoseHeader.REPORT, CborLimits.REPORT).valid())
        .flatMap(sign1 -> Claims.read(sign1.payload()).valid())
        .map(claims -> claims.unit().ueid());
  }

  private Optional<ReleaseList> releases(PolicyFile policy) {
    return policy
        .policy()
        .software()
        .releases()
        .flatMap(rule -> {
          var list = InputFile.beside(policyFile, rule.list());
          if (Files.notExists(list)) {
            return Optional.empty(); // A verdict that says so: evidence is missing.
          }
          return switch (ReleaseList.read(InputFile.read(list, ReleaseList.MAX_BYTES), rule)) {
            case Parsed.Valid<ReleaseList>(var read) -> Optional.of(read);
            case Parsed.Malformed<ReleaseList>(var reason) ->
                throw new Unusable(list + ": " + reason);
          };
        });
  }

  private Revocations revocations(PolicyFile policy) {
    var files =
        policy.policy().trust().revoked().stream()
            .map(name -> InputFile.read(InputFile.beside(policyFile, name), PolicyFile.MAX_BYTES))
            .toList();
    return switch (Revocations.read(files, policy.signer())) {
      case Parsed.Valid<Revocations>(var read) -> read;
      case Parsed.Malformed<Revocations>(var reason) ->
          throw new Unusable(policyFile + ": a list of trust.revoked: " + reason);
    };
  }

  private static Octets nonce(String hex) {
    if (!hex.matches(HEX)) {
      throw new Unusable("--nonce takes 8 to 64 bytes in hex");
    }
    return Octets.hex(hex);
  }

  private Instant instant() {
    try {
      return at == null ? clock.instant() : Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw new Unusable("--at takes a UTC time such as 2027-01-31T12:00:00Z");
    }
  }

  private int show(PolicyFile policy, Verdict verdict) {
    if (verdict.exit() == Exit.ERROR || verdict.exit() == Exit.MALFORMED) {
      // No verdict, and so no table of half of one.
      spec.commandLine().getErr().println(file + ": " + verdict.reason());
      return verdict.exit().code();
    }
    if (ear != null && earKey != null) {
      write(ear, earKey, policy, verdict);
    }
    var shown = new VerdictText(policy, verdict, explain);
    spec.commandLine().getOut().print(form == Form.TABLE ? shown.table() : shown.json());
    return verdict.exit().code();
  }

  private void write(Path target, Path key, PolicyFile policy, Verdict verdict) {
    var signingKey = Pem.privateKey(key);
    var result =
        new Ear(
            verdict,
            policy.policy().id(),
            Optional.ofNullable(nonce).map(VerifyCommand::nonce),
            instant(),
            SharekeepVerify.VERSION);
    try {
      Files.write(target, result.jwt(message -> Pem.sign(signingKey, message)));
    } catch (IOException e) {
      throw new Unusable(target + ": cannot be written");
    }
  }
}
