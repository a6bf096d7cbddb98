package io.sharekeep.enclave.vault;

import io.sharekeep.enclave.Statistics.Histogram;

/**
 * Counters since start; durations in nanoseconds, summed.
 *
 * @param opens records opened under a kek; equals the leases that held a share
 * @param failovers how many of them the fallback token opened
 * @param seals records sealed
 * @param probes seals and opens of readiness checks
 * @param failures opens and seals that the token or the check of the public share refused
 * @param openNanos spent in opening, the HSM included
 * @param held how long shares lay open
 */
public record VaultStatistics(
    long opens,
    long failovers,
    long seals,
    long probes,
    long failures,
    long openNanos,
    Histogram held) {}
