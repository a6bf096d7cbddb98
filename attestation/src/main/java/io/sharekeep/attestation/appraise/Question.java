package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.policy.PolicyFile;
import io.sharekeep.attestation.policy.ReleaseList;
import io.sharekeep.attestation.policy.Revocations;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that an appraisal depends on besides the bundle.
 *
 * @param releases the list that the policy names, verified; empty if it names none or there is none
 * @param nonce what the asker drew; empty if the report was not asked for
 * @param memory of this appliance
 * @param remembers whether a memory is kept at all, so that its absence means a first meeting
 * @param at the asker's time
 */
public record Question(
    PolicyFile policy,
    Optional<ReleaseList> releases,
    Revocations revocations,
    Optional<Octets> nonce,
    Optional<Memory> memory,
    boolean remembers,
    Instant at) {}
