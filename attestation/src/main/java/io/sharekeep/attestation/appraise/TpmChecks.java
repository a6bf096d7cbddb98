package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.eat.TpmClaims;
import io.sharekeep.attestation.eat.Unit;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Chains;
import io.sharekeep.attestation.policy.AppraisalPolicy.AntiRollback;
import io.sharekeep.attestation.policy.TrustClaim;
import io.sharekeep.attestation.report.Bundle;
import io.sharekeep.attestation.report.TpmBind;
import io.sharekeep.attestation.tpm.EventLog;
import io.sharekeep.attestation.tpm.NvCounter;
import io.sharekeep.attestation.tpm.TpmAttest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** What a TPM says of the boot and of rollback, and whether it is one (attestation, 6.4). */
final class TpmChecks {
  private static final String FORGED = "treat the report as another machine's";

  private TpmChecks() {}

  /** What kind of TPM the endorsement chain shows. */
  enum Kind {
    HARDWARE,
    EMULATED,
    UNKNOWN
  }

  private static boolean isRequired(Case c) {
    return c.policy().state().antiRollback() != AntiRollback.NONE
        || !c.policy().boot().pcrs().isEmpty()
        || c.policy().boot().requiresEventLog()
        || c.policy().boot().requiresIma();
  }

  static List<Finding> quote(Case c) {
    if (c.claims().tpm().isEmpty()) {
      return isRequired(c)
          ? List.of(
              Finding.missing(
                  "tpm.quote", "no TPM in the report", "a quote", "enable the host's TPM"))
          : List.of();
    }
    var tpm = c.claims().tpm().get();
    var attest = TpmAttest.read(tpm.quote().value());
    if (attest.isEmpty()
        || !(attest.get().subject()
            instanceof TpmAttest.Subject.Quote(var registers, var digest))) {
      return List.of(malformed("tpm.quote", "what is no quote"));
    }
    var fault = bound(c, tpm, tpm.quote(), tpm.quoteSignature(), attest.get());
    if (fault.isPresent()) {
      return List.of(invalid("tpm.quote", fault.get()));
    }
    if (!registers.equals(tpm.pcrs().keySet()) || !TpmAttest.digest(tpm.pcrs()).equals(digest)) {
      return List.of(invalid("tpm.quote", "register values that the quote does not cover"));
    }
    if (!attest.get().clock().safe()) {
      return List.of(
          Finding.warn(
              "tpm.quote",
              TrustClaim.CONFIGURATION,
              36,
              "a TPM clock that may have gone back",
              "a clock that is safe",
              "shut the host down in order, and start it again"));
    }
    return List.of(Finding.pass("tpm.quote", "bound to this report; registers " + registers));
  }

  private static Optional<String> bound(
      Case c, TpmClaims tpm, Octets bytes, Octets signature, TpmAttest attest) {
    if (!TpmAttest.isSigned(tpm.key().value(), bytes.value(), signature.value())) {
      return Optional.of("a signature that is not the TPM key's");
    }
    return attest.extraData().equals(TpmBind.of(c.claims(), c.attestSpki()))
        ? Optional.empty()
        : Optional.of("bound to other claims");
  }

  static List<Finding> key(Case c) {
    if (c.claims().tpm().isEmpty()) {
      return List.of();
    }
    var tpm = c.claims().tpm().get();
    var chain = Chains.certificates(tpm.keyChain());
    if (chain.isEmpty() || chain.get().isEmpty()) {
      return List.of(invalid("tpm.key", "a TPM key without a certificate"));
    }
    var leaf = chain.get().getFirst();
    var roots = c.policy().trust().applianceRoots();
    if (!tpm.key().holds(leaf.getPublicKey().getEncoded())) {
      return List.of(invalid("tpm.key", "a certificate of another TPM key"));
    }
    if (Chains.root(chain.get(), roots, c.question().at()).isEmpty()) {
      return List.of(invalid("tpm.key", Chains.fault(chain.get(), roots, c.question().at())));
    }
    if (chain.get().stream()
        .map(certificate -> Octets.sha256(certificate.getPublicKey().getEncoded()))
        .anyMatch(c.question().revocations().keys()::contains)) {
      return List.of(invalid("tpm.key", "a key on the auditor's list of revoked ones"));
    }
    return List.of(
        Chains.uris(leaf).contains(Unit.uri(c.claims().unit().ueid()))
            ? Finding.pass("tpm.key", "certified for this unit")
            : invalid("tpm.key", "a TPM key of another unit"));
  }

  static Kind kindOf(Case c, TpmClaims tpm) {
    var endorsement = Chains.certificates(tpm.endorsementChain());
    var key = Chains.certificates(tpm.keyChain());
    if (endorsement.isEmpty()
        || endorsement.get().isEmpty()
        || key.isEmpty()
        || key.get().isEmpty()) {
      return Kind.UNKNOWN;
    }
    if (endorsement.get().stream().anyMatch(TpmChecks::isSwtpm)) {
      return Kind.EMULATED;
    }
    var ek = Octets.sha256(endorsement.get().getFirst().getPublicKey().getEncoded());
    var accepted = c.policy().identity().endorsementKeys();
    boolean rooted =
        Chains.root(endorsement.get(), c.policy().trust().tpmRoots(), c.question().at())
            .isPresent();
    // The authority saw this TPM activate a credential for this endorsement key, and says so.
    boolean enrolled = Chains.uris(key.get().getFirst()).contains(endorsementUri(ek));
    return rooted && enrolled && (accepted.isEmpty() || accepted.contains(ek))
        ? Kind.HARDWARE
        : Kind.UNKNOWN;
  }

  /** By which a TPM key's certificate names the endorsement key it was enrolled with. */
  static String endorsementUri(Octets sha256) {
    return "tag:sharekeep.io,2026:ek:" + sha256;
  }

  private static boolean isSwtpm(X509Certificate certificate) {
    return (certificate.getIssuerX500Principal().getName()
            + certificate.getSubjectX500Principal().getName())
        .toLowerCase(Locale.ROOT)
        .contains("swtpm");
  }

  static List<Finding> kind(Case c) {
    if (c.claims().tpm().isEmpty()) {
      return List.of();
    }
    var kind = kindOf(c, c.claims().tpm().get());
    var wanted = c.policy().state().antiRollback();
    return switch (kind) {
      case HARDWARE -> List.of(Finding.pass("tpm.kind", TrustClaim.HARDWARE, 2, "hw-tpm"));
      case EMULATED, UNKNOWN -> {
        var found = kind == Kind.EMULATED ? "an emulated TPM" : "a TPM of no known maker";
        var expected = "an endorsement chain to trust.tpm_roots";
        var remedy = "use a hardware TPM, or rely on witnesses";
        if (c.policy().trust().allowsEmulatedTpm()) {
          yield List.of(
              Finding.warn("tpm.kind", TrustClaim.HARDWARE, -40, found, expected, remedy));
        }
        yield wanted == AntiRollback.HW_TPM
            ? List.of(Finding.against("tpm.kind", TrustClaim.HARDWARE, 97, found, expected, remedy))
            : List.of(Finding.pass("tpm.kind", found + ", which counts for nothing"));
      }
    };
  }

  static List<Finding> pcrs(Case c) {
    var wanted = c.policy().boot().pcrs();
    if (c.claims().tpm().isEmpty() || wanted.isEmpty()) {
      return List.of(
          Finding.warn(
              "tpm.pcrs",
              TrustClaim.EXECUTABLES,
              33,
              "nothing shows how the host booted",
              "register values of a known boot",
              "enable the TPM and list its values under boot.pcrs"));
    }
    var pcrs = c.claims().tpm().get().pcrs();
    var findings = new ArrayList<Finding>();
    wanted.forEach((register, accepted) -> {
      var value = Optional.ofNullable(pcrs.get(register));
      if (value.isEmpty()) {
        findings.add(
            Finding.missing(
                "tpm.pcrs",
                "register " + register + " is not quoted",
                "all of " + wanted.keySet(),
                "have the appliance quote it"));
      } else if (!accepted.contains(value.get())) {
        findings.add(
            Finding.warn(
                "tpm.pcrs",
                TrustClaim.EXECUTABLES,
                33,
                "register " + register + " is " + value.get().abbreviated(),
                "a known value",
                "find out what changed in the boot; then list the new value"));
      }
    });
    return findings.isEmpty()
        ? List.of(
            Finding.pass("tpm.pcrs", TrustClaim.EXECUTABLES, 3, "registers " + wanted.keySet()))
        : findings;
  }

  static List<Finding> eventLog(Case c) {
    var content = c.bundle().content(Bundle.EVENT_LOG);
    var claimed = c.claims().tpm().flatMap(TpmClaims::eventLog);
    if (content.isEmpty() || claimed.isEmpty()) {
      return c.policy().boot().requiresEventLog()
          ? List.of(
              Finding.missing(
                  "tpm.eventlog", "no event log", "the boot's events", "have it collected"))
          : List.of();
    }
    if (!claimed.get().equals(Octets.sha384(content.get()))) {
      return List.of(invalid("tpm.eventlog", "another event log than the report names"));
    }
    var replayed = EventLog.replay(content.get());
    if (replayed.isEmpty()) {
      return List.of(malformed("tpm.eventlog", "what is no event log"));
    }
    var quoted = new TreeMap<>(c.claims().tpm().orElseThrow().pcrs());
    quoted.keySet().retainAll(replayed.get().keySet());
    for (var register : quoted.entrySet()) {
      if (register.getKey() < 10
          && !register.getValue().equals(replayed.get().get(register.getKey()))) {
        return List.of(
            invalid("tpm.eventlog", "events that do not lead to register " + register.getKey()));
      }
    }
    return List.of(Finding.pass("tpm.eventlog", "replays to " + quoted.keySet()));
  }

  static List<Finding> ima(Case c) {
    var claimed = c.claims().tpm().flatMap(TpmClaims::ima);
    if (!c.policy().boot().requiresIma()) {
      return List.of();
    }
    // The list is carried and hashed; replaying it against register 10 is not in this release.
    return List.of(
        Finding.missing(
            "tpm.ima",
            claimed.isPresent() ? "a list that this release does not replay" : "no list",
            "the kernel's list, replayed",
            "leave boot.ima at optional"));
  }

  static List<Finding> counters(Case c) {
    var counter = c.claims().tpm().flatMap(TpmClaims::counter);
    var state = c.policy().state();
    if (counter.isEmpty()) {
      return state.antiRollback() == AntiRollback.NONE
          ? List.of()
          : List.of(
              Finding.missing(
                  "tpm.counter", "no rollback counter", "a certified counter", "create one"));
    }
    var tpm = c.claims().tpm().orElseThrow();
    var attest = TpmAttest.read(counter.get().certify().value());
    if (attest.isEmpty()
        || !(attest.get().subject() instanceof TpmAttest.Subject.Counter(var name, var value))) {
      return List.of(malformed("tpm.counter", "what certifies no counter"));
    }
    var fault = bound(c, tpm, counter.get().certify(), counter.get().signature(), attest.get());
    if (fault.isPresent()) {
      return List.of(invalid("tpm.counter", fault.get()));
    }
    if (counter.get().index() != state.counterIndex()
        || !name.equals(NvCounter.name(state.counterIndex()))) {
      return List.of(back("an index that is no counter of ours", "the counter by its name"));
    }
    var memory = c.question().memory();
    long least = Math.max(state.minCounter(), memory.flatMap(Memory::counter).orElse(0L));
    if (Long.compareUnsigned(value, least) < 0) {
      return List.of(back("counter " + value, "at least " + least));
    }
    long resets = attest.get().clock().resetCount();
    long seen = memory.flatMap(Memory::resetCount).orElse(0L);
    return List.of(
        resets < seen
            ? back(resets + " resets", "at least " + seen)
            : Finding.pass("tpm.counter", least + " → " + value));
  }

  /** The counter's value, for the memory: only called where the checks have passed. */
  static Optional<Long> counter(Case c) {
    return c.claims()
        .tpm()
        .flatMap(TpmClaims::counter)
        .flatMap(counter -> TpmAttest.read(counter.certify().value()))
        .map(TpmAttest::subject)
        .filter(TpmAttest.Subject.Counter.class::isInstance)
        .map(subject -> ((TpmAttest.Subject.Counter) subject).value());
  }

  static Optional<Long> resetCount(Case c) {
    return c.claims()
        .tpm()
        .flatMap(tpm -> TpmAttest.read(tpm.quote().value()))
        .map(attest -> attest.clock().resetCount());
  }

  private static Finding malformed(String check, String found) {
    return Finding.fail(check, Exit.MALFORMED, found, "a TPM's structure", "ask again");
  }

  private static Finding invalid(String check, String found) {
    return Finding.fail(check, Exit.INVALID, found, "this unit's TPM, this report", FORGED);
  }

  private static Finding back(String found, String expected) {
    return Finding.fail(
        "tpm.counter",
        Exit.ROLLBACK,
        found,
        expected,
        "stop signing with this party; an older state was put back");
  }
}
