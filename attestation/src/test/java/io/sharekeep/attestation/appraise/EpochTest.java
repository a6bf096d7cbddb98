package io.sharekeep.attestation.appraise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sharekeep.attestation.eat.Labels;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Cbor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EpochTest {
  @Test
  void aReportThatNobodyAskedForIsAsNewAsItsWitness() {
    var draft = new Draft();
    var checkpoint =
        draft.lab.checkpoint(draft.lab.leaves, Optional.of(Laboratory.NOW.minusSeconds(290)));
    draft.nonce = Optional.empty();
    draft.claim(Cbor.bytes(checkpoint), Labels.LOG, "checkpoint");
    draft.claim(Cbor.bytes(Octets.sha256(checkpoint).value()), Labels.NONCE);
    var verdict = draft.appraise();
    assertEquals(Exit.AFFIRMING, verdict.exit(), () -> GoodReportTest.text(verdict));
  }

  @Test
  void aReportWithoutEitherSaysOrderOnlyWhereThePolicyAdmitsThat() {
    var draft = new Draft();
    draft.nonce = Optional.empty();
    draft.rule(Cbor.list(Cbor.text("chain")), "freshness", "modes");
    assertEquals(Exit.WARNING, draft.appraise().exit());
  }
}
