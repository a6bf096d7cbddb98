package io.sharekeep.softhsm;

import java.nio.file.Path;

/**
 * Two initialised SoftHSM tokens without keys, as one appliance has them.
 *
 * @param library the PKCS#11 module
 * @param coreLabel label of the core token
 * @param edgeLabel label of the edge token
 * @param corePinFile holds the core token's user PIN; mode 0600
 * @param edgePinFile holds the edge token's user PIN, another one; mode 0600
 * @param soPin the security officer's PIN of both
 * @param home where they live
 */
public record SoftHsmTokens(
    Path library,
    String coreLabel,
    String edgeLabel,
    Path corePinFile,
    Path edgePinFile,
    String soPin,
    SoftHsm home) {
  /** Another pair in the same place, for another member of a committee. */
  public SoftHsmTokens provision(String name) {
    return home.provision(name);
  }
}
