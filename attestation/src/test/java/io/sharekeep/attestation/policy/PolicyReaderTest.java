package io.sharekeep.attestation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sharekeep.attestation.appraise.Draft;
import io.sharekeep.attestation.appraise.Laboratory;
import io.sharekeep.attestation.appraise.SoftKeys;
import io.sharekeep.attestation.appraise.Tree;
import io.sharekeep.attestation.json.Json;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyReaderTest {
  /** What is wrong with a policy, and the words that say so. */
  record Fault(String says, UnaryOperator<Cbor> change) {
    @Override
    public String toString() {
      return says;
    }
  }

  static List<Fault> faults() {
    return List.of(
        new Fault("policy_id is missing", p -> Tree.remove(p, "policy_id")),
        new Fault(
            "trust.appliance_roots does not have 1 to 16 items",
            p -> Tree.set(p, Cbor.list(), "trust", "appliance_roots")),
        new Fault(
            "trust.appliance_roots is missing", p -> Tree.remove(p, "appliance_roots", "trust")),
        new Fault(
            "trust.appliance_roots[0].der is no certificate",
            p -> Tree.set(p, Cbor.text("AAAA"), "trust", "appliance_roots", 0, "der")),
        new Fault(
            "trust.require_issuers names an issuer without a root in trust.appliance_roots",
            p -> Tree.set(p, Cbor.list(Cbor.text("x")), "trust", "require_issuers")),
        new Fault("surprise is not known", p -> Tree.put(p, "surprise", Cbor.uint(1))),
        new Fault("trust.x is not known", p -> Tree.put(p, "x", Cbor.uint(1), "trust")),
        new Fault(
            "valid ends before it begins",
            p -> Tree.set(p, Cbor.text("2020-01-01T00:00:00Z"), "valid", "until")),
        new Fault(
            "valid.until is no UTC time such as 2027-01-31T12:00:00Z",
            p -> Tree.set(p, Cbor.text("tomorrow"), "valid", "until")),
        new Fault(
            "hsm asks for a vendor's signature where trust.allow_soft admits soft tokens",
            p -> Tree.set(p, Cbor.text("VENDOR_SIGNED"), "hsm", "min_assurance")),
        new Fault(
            "limits refuse soft-token where trust.allow_soft admits it",
            p -> Tree.set(p, Cbor.list(Cbor.text("soft-token")), "limits", "refuse")),
        new Fault(
            "limits.refuse names tee, which is no limit",
            p -> Tree.set(p, Cbor.list(Cbor.text("tee")), "limits", "refuse")),
        new Fault(
            "limits.refuse refuses host-root-trusted, which every report without a TEE carries",
            p -> Tree.set(p, Cbor.list(Cbor.text("host-root-trusted")), "limits", "refuse")),
        new Fault(
            "state asks for a hardware TPM (also by default) where trust.tpm_roots names no maker",
            p -> Tree.remove(p, "tpm_roots", "trust")),
        new Fault(
            "freshness admits epochs where trust.witnesses lists none",
            p -> Tree.remove(p, "witnesses", "trust")),
        new Fault(
            "evidence requires a post-quantum signature and pins no key in pq_spki_sha256",
            p -> Tree.remove(p, "pq_spki_sha256", "evidence")),
        new Fault(
            "hsm asks for a vendor's signature (also by default) where trust.hsm_roots is empty",
            p -> Tree.set(Tree.remove(p, "hsm"), Cbor.bool(false), "trust", "allow_soft")),
        new Fault(
            "trust.witnesses ask for more witnesses than they list",
            p -> Tree.set(p, Cbor.uint(2), "trust", "witnesses", "quorum")),
        new Fault(
            "software.releases.rebuilders exceeds the rebuilders listed",
            p -> Tree.set(p, Cbor.uint(2), "software", "releases", "rebuilders")),
        new Fault(
            "signing_policy.min_approvals exceeds the approvers listed",
            p -> Tree.set(p, Cbor.uint(3), "signing_policy", "min_approvals")),
        new Fault(
            "identity.ueids names no appliance",
            p -> Tree.set(p, Cbor.list(), "identity", "ueids")),
        new Fault("freshness.modes is empty", p -> Tree.set(p, Cbor.list(), "freshness", "modes")),
        new Fault(
            "outcome.pass_with_warnings_in names all, which is no claim",
            p -> Tree.set(p, Cbor.list(Cbor.text("all")), "outcome", "pass_with_warnings_in")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultIsNamedByItsField(Fault fault) {
    var json = Json.write(fault.change().apply(new Draft().policy));
    var parsed = PolicyReader.read(json);
    assertEquals(
        fault.says(), assertInstanceOf(Parsed.Malformed.class, parsed, "must be refused").reason());
  }

  @Test
  void whatIsLeftOutIsAsStrictAsItCanBe() {
    var policy = new Draft().policy;
    for (var section : List.of("runtime", "clock", "state", "limits", "outcome", "boot")) {
      policy = Tree.remove(policy, section);
    }
    var read = Draft.valid(PolicyReader.read(Json.write(policy)));
    assertEquals(AppraisalPolicy.AntiRollback.HW_TPM, read.state().antiRollback());
    assertTrue(read.state().chainRequired());
    assertTrue(read.acceptedWarnings().isEmpty());
    assertEquals(1, read.runtime().memory().size());
    assertEquals(1, read.runtime().debug().size());
  }

  @Test
  void aSignedPolicyIsRefusedWithAnyByteAltered() {
    byte[] signed = new Draft().policyBytes();
    assertTrue(PolicyFile.read(signed).valid().isPresent());
    for (int i = 0; i < signed.length; i += 97) {
      byte[] altered = signed.clone();
      altered[i] ^= 1;
      assertTrue(PolicyFile.read(altered).valid().isEmpty(), "byte " + i);
    }
  }

  @Test
  void aListOfRevocationsMustBeTheSignersOwn() {
    var lab = Laboratory.SHARED;
    byte[] json = "{\"ueids\":[]}".getBytes(StandardCharsets.US_ASCII);
    byte[] other =
        Draft.valid(
            Revocations.sign(
                json, SoftKeys.spki(lab.custodianRoot), m -> SoftKeys.es384(lab.custodianRoot, m)));
    var signer = new Draft().policyFile().signer();
    assertTrue(Revocations.read(List.of(other), signer).valid().isEmpty());
  }

  @Test
  void aListOfReleasesNeedsAReleaseKeyAndItsRebuilders() {
    var draft = new Draft();
    var rule = draft.policyFile().policy().software().releases().orElseThrow();
    assertTrue(ReleaseList.read(draft.releaseBytes(), rule).valid().isPresent());
    for (int missing = 0; missing < 2; missing++) {
      var signatures = ((Cbor.Sequence) Tree.get(draft.releases, "signatures")).items();
      var one = Tree.set(draft.releases, Cbor.list(signatures.get(missing)), "signatures");
      assertTrue(ReleaseList.read(Json.write(one), rule).valid().isEmpty());
    }
    var altered = Tree.set(draft.releases, Cbor.uint(6), "document", "version");
    assertTrue(ReleaseList.read(Json.write(altered), rule).valid().isEmpty());
  }
}
