package io.sharekeep.attestation.verify;

import io.sharekeep.attestation.policy.AppraisalPolicy;
import io.sharekeep.attestation.policy.PolicyFile;
import io.sharekeep.attestation.policy.PolicyReader;
import io.sharekeep.cbor.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sharekeep-verify policy}: checks and signs an auditor's own policy. */
@Command(
    name = "policy",
    description = "Checks or signs an appraisal policy.",
    mixinStandardHelpOptions = true,
    subcommands = {PolicyCommand.CheckPolicy.class, PolicyCommand.SignPolicy.class})
final class PolicyCommand {
  /** {@code check}. */
  @Command(
      name = "check",
      description = "Reads a policy in JSON and says what is wrong with it.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli fills the fields before it calls
  static final class CheckPolicy implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The policy, JSON.")
    private Path file;

    @Override
    public Integer call() {
      return switch (PolicyReader.read(InputFile.read(file, PolicyFile.MAX_BYTES))) {
        case Parsed.Malformed<AppraisalPolicy>(var reason) ->
            throw new Unusable(file + ": " + reason);
        case Parsed.Valid<AppraisalPolicy>(var policy) -> {
          spec.commandLine().getOut().println(policy.id() + ": valid until " + policy.until());
          yield 0;
        }
      };
    }
  }

  /** {@code sign}. */
  @Command(
      name = "sign",
      description = "Signs a policy with the auditor's key.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli fills the fields before it calls
  static final class SignPolicy implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The policy, JSON.")
    private Path file;

    @Option(names = "--key", required = true, description = "P-384 private key, PEM (PKCS#8).")
    private Path key;

    @Option(names = "--public", required = true, description = "Its public key, PEM.")
    private Path publicKey;

    @Option(names = "--to", required = true, description = "Where the signed policy goes.")
    private Path target;

    @Override
    public Integer call() {
      var signingKey = Pem.privateKey(key);
      var signed =
          PolicyFile.sign(
              InputFile.read(file, PolicyFile.MAX_BYTES),
              Pem.publicKey(publicKey),
              message -> Pem.sign(signingKey, message));
      switch (signed) {
        case Parsed.Malformed<byte[]>(var reason) -> throw new Unusable(file + ": " + reason);
        case Parsed.Valid<byte[]>(var bytes) -> {
          if (PolicyFile.read(bytes).valid().isEmpty()) {
            throw new Unusable(publicKey + ": not the public half of " + key);
          }
          try {
            Files.write(target, bytes);
          } catch (IOException e) {
            throw new Unusable(target + ": cannot be written");
          }
        }
      }
      return 0;
    }
  }
}
