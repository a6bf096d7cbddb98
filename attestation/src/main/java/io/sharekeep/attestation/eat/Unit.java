package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import java.util.Optional;

/**
 * Which appliance speaks, and how it was started.
 *
 * @param ueid 33 bytes, the first 0x01; made once and kept in the HSM
 * @param softwareName of the program, such as {@code sharekeep}
 * @param softwareVersion such as {@code 1.4.2}
 * @param debug {@link DebugStatus#ENABLED} if a debugger, an agent or the attach mechanism could
 *     get in, or secure boot is off
 * @param bootCount the TPM's resetCount, where there is one
 * @param bootSeed 32 bytes that differ with every start
 * @param uptime seconds
 * @param use 1 report, 2 enrolment into a committee, 4 certificate request
 */
public record Unit(
    Octets ueid,
    String softwareName,
    String softwareVersion,
    DebugStatus debug,
    Optional<Long> bootCount,
    Octets bootSeed,
    Optional<Long> uptime,
    Optional<Long> use) {
  /** The name by which certificates bind a key to a unit: a URI in the subject alternative name. */
  public static String uri(Octets ueid) {
    return "tag:sharekeep.io,2026:ueid:" + ueid;
  }
}
