package io.sharekeep.enclave.session;

import io.sharekeep.attestation.evidence.Limit;
import io.sharekeep.enclave.memory.SecretMode;
import io.sharekeep.enclave.policy.PartyPolicy;
import io.sharekeep.enclave.policy.PolicyDocument;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.pkcs11.terms.TokenReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The trust that remains in this release on this host (system design, section 9). */
final class TrustLimits {
  private TrustLimits() {}

  /** Those of the host and its token, and that of a policy which knows no amounts. */
  static List<Limit> with(List<Limit> host, PartyPolicy policy) {
    return switch (policy) {
      case RuledPolicy _ -> host;
      case PolicyDocument _ -> {
        var limits = new ArrayList<>(host);
        limits.add(Limit.POLICY_WITHOUT_AMOUNTS);
        yield List.copyOf(limits);
      }
    };
  }

  static List<Limit> of(SecretMode mode, CoreToken token) {
    var limits = new ArrayList<Limit>();
    limits.add(Limit.HOST_ROOT_TRUSTED);
    limits.add(Limit.UNATTENDED_UNLOCK);
    limits.add(Limit.SELF_MEASURED);
    limits.add(Limit.KEY_SELF_REPORTED);
    limits.add(Limit.UNWITNESSED);
    if (mode == SecretMode.MLOCK) {
      limits.add(Limit.MEMORY_MLOCK);
    }
    if (token.itself().report().model().toLowerCase(Locale.ROOT).contains("softhsm")) {
      limits.add(Limit.SOFT_TOKEN);
    }
    if (token.itself().report().limits().contains(TokenReport.PIN_ON_HEAP)) {
      limits.add(Limit.PIN_ON_HEAP);
    }
    return limits;
  }
}
