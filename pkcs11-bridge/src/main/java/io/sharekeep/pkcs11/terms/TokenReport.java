package io.sharekeep.pkcs11.terms;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a library and its token say they are.
 *
 * @param library the real path that was loaded
 * @param librarySha256 the hash of that file when it was loaded, lower-case hex
 * @param serial of the slot; some tokens keep it through re-initialisation
 * @param mechanisms CK_MECHANISM_TYPE values, ascending
 * @param profile which set of vendor differences is in force
 * @param seals how many AES-GCM encryptions each key has done since this token was opened, so that
 *     the caller can keep a durable count: warn at 2^28, refuse at 2^31
 * @param logins how often it was logged in since it was opened
 */
public record TokenReport(
    Path library,
    String librarySha256,
    String cryptokiVersion,
    String libraryManufacturer,
    String libraryDescription,
    String libraryVersion,
    String label,
    String manufacturer,
    String model,
    String serial,
    String hardwareVersion,
    String firmwareVersion,
    long flags,
    List<Long> mechanisms,
    String profile,
    Map<KeyRef, Long> seals,
    long logins) {
  public TokenReport {
    mechanisms = List.copyOf(mechanisms);
    seals = Map.copyOf(seals);
  }
}
