import org.jspecify.annotations.NullMarked;

/**
 * What an appliance says of itself to an auditor, and the appraiser that the auditor runs. It knows
 * neither the HSM nor the protocols.
 */
@NullMarked
module io.sharekeep.attestation {
  requires static org.jspecify;
  requires static info.picocli; // of the auditor's program alone
  requires com.fasterxml.jackson.core;
  requires io.sharekeep.cbor;

  exports io.sharekeep.attestation.appraise;
  exports io.sharekeep.attestation.cose;
  exports io.sharekeep.attestation.ear;
  exports io.sharekeep.attestation.eat;
  exports io.sharekeep.attestation.evidence;
  exports io.sharekeep.attestation.hsm;
  exports io.sharekeep.attestation.json;
  exports io.sharekeep.attestation.log;
  exports io.sharekeep.attestation.note;
  exports io.sharekeep.attestation.policy;
  exports io.sharekeep.attestation.report;
  exports io.sharekeep.attestation.tpm;

  opens io.sharekeep.attestation.verify to
      info.picocli;
}
