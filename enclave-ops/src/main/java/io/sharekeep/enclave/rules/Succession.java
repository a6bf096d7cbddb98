package io.sharekeep.enclave.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How one version of a policy follows another: judged by the old one alone (policy and intents,
 * section 6).
 *
 * @param objections why it may not, in sentences; empty if it may
 * @param timelock from the last signature on
 */
public record Succession(List<String> objections, boolean tightensOnly, Duration timelock) {
  public Succession {
    objections = List.copyOf(objections);
  }

  /**
   * @param hash of the old version, 64 hex digits
   * @param signers people whose signature over the new version holds under a key that the
   *     <em>old</em> version gives them
   */
  public static Succession of(Policy before, String hash, Policy after, Set<String> signers) {
    var objections = new ArrayList<String>();
    var old = before.header();
    var fresh = after.header();
    if (!old.tenant().equals(fresh.tenant())
        || !old.id().equals(fresh.id())
        || !old.party().equals(fresh.party())) {
      objections.add("it is the policy of another tenant, id or party");
    }
    if (fresh.version() != old.version() + 1) {
      objections.add("version " + fresh.version() + " does not follow version " + old.version());
    }
    if (!fresh.previous().equals(java.util.Optional.of(hash))) {
      objections.add("previous is not the hash of the version in force, " + hash);
    }
    var missing = new Approvers(before.groups()).missing(before.change().approvals(), signers, "");
    missing.forEach(
        clause -> objections.add("the version in force wants more signatures: " + clause));
    boolean tightens = PolicyDiff.tightensOnly(before, after);
    return new Succession(
        objections, tightens, tightens ? before.change().tightening() : before.change().timelock());
  }

  /** When it comes into force. */
  public Instant activeFrom(Instant lastSignature, Policy after) {
    var unlocked = lastSignature.plus(timelock);
    return after.header().notBefore().filter(unlocked::isBefore).orElse(unlocked);
  }
}
