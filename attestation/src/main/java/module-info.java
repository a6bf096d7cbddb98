import org.jspecify.annotations.NullMarked;

/** What an appliance says of itself to an auditor. It knows neither the HSM nor the protocols. */
@NullMarked
module io.sharekeep.attestation {
  requires static org.jspecify;

  exports io.sharekeep.attestation.evidence;
}
