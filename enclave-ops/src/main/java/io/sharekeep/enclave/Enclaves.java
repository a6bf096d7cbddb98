package io.sharekeep.enclave;

import io.sharekeep.enclave.memory.ProcessHardening;
import io.sharekeep.enclave.session.Assembly;
import io.sharekeep.enclave.session.Provisioning;
import java.time.InstantSource;
import java.util.List;

/** The one factory of the core: what {@code Main} and {@code sharekeep init} start from. */
public final class Enclaves {
  private Enclaves() {}

  /**
   * Starts the core: logs in, holds token, log and records against what is remembered of them.
   *
   * @return operational; or failed, with the reason in its status, when an invariant is broken
   * @throws StartupException when host or configuration do not let it start; the message says what
   *     to do
   */
  public static Enclave open(EnclaveConfiguration configuration) {
    return Assembly.open(configuration, InstantSource.system());
  }

  /**
   * Makes this party's keys on the core token and its state folder.
   *
   * @param owner SubjectPublicKeyInfo of the Ed25519 key that signs this party's policies
   * @throws StartupException as above; nothing that was there before is touched
   */
  public static ProvisionedIdentity provision(EnclaveConfiguration configuration, byte[] owner) {
    if (SignatureKeys.decode(SignedRequest.KeyAlgorithm.ED25519, owner).isEmpty()) {
      throw new StartupException(
          StartupException.Code.CONFIGURATION,
          "the owner must be an Ed25519 public key (SubjectPublicKeyInfo)");
    }
    return Provisioning.provision(configuration, owner);
  }

  /**
   * Makes the fallback token's kek for a party that is there and stopped.
   *
   * @return id of the kek, hex
   * @throws StartupException as above
   */
  public static String provisionFallback(EnclaveConfiguration configuration) {
    return Provisioning.provisionFallback(configuration);
  }

  /**
   * Takes the signed committee documents and the signed policy of a provisioned party.
   *
   * @throws StartupException saying which signature or field is wrong
   */
  public static Documents accept(
      EnclaveConfiguration configuration, List<DocumentFile> committees, DocumentFile policy) {
    return Provisioning.accept(configuration, committees, policy);
  }

  /**
   * Makes the process undumpable and forbids core files, first thing in {@code Main}.
   *
   * @return what stands and what does not, JVM flags included
   */
  public static List<Check> harden() {
    return ProcessHardening.apply().stream()
        .map(finding -> new Check(finding.name(), finding.passed(), finding.detail()))
        .toList();
  }

  /** As {@link #harden}, changing nothing: for {@code doctor}. */
  public static List<Check> inspect() {
    return ProcessHardening.inspect().stream()
        .map(finding -> new Check(finding.name(), finding.passed(), finding.detail()))
        .toList();
  }
}
