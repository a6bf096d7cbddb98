package io.sharekeep.attestation.evidence;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Trust that remains: what an auditor still has to believe about an appliance, or must see to by
 * other means. A name, once published, keeps its meaning; a limit that does not apply is absent.
 */
public enum Limit {
  /** Holds for every appliance of this release. */
  HOST_ROOT_TRUSTED(
      "Root on the host, or whoever holds the PIN and the partition, can use this party's share"
          + " without asking the policy."),

  /** The token names SoftHSM or another token in software. */
  SOFT_TOKEN(
      "The keys lie in a token made of software: whoever reads its files and knows its PIN has the"
          + " keys."),

  /** {@code memfd_secret} is not to be had. */
  MLOCK_FALLBACK(
      "Open secrets lie in locked anonymous memory, which the kernel and root can read, not in"
          + " memfd_secret."),

  /** The PIN comes from the service manager at boot. */
  UNATTENDED_BOOT(
      "The core token's PIN is stored on this host, so that the appliance starts without people."),

  /** The backend keeps the PIN as a Java string. */
  PIN_ON_HEAP("The token's PIN lies on the Java heap while the appliance runs."),

  /** Several parties of one committee are under one administration. */
  SHARED_ADMINISTRATION(
      "Parties of one committee share an administrator, a host, a PIN or a recovery key, so fewer"
          + " than the threshold of people can sign."),

  /** No quote of a TPM is given. */
  SELF_REPORTED_SOFTWARE(
      "What software runs is this software's own word: no TPM measured it before it started."),

  /** No vendor's signature over the HSM's keys is given. */
  SELF_REPORTED_KEYS(
      "That the keys cannot leave the token is read from the token's own attributes: no vendor's"
          + " signature says it."),

  /** No monotonic counter or witness outside the state folder is in use. */
  ROLLBACK_UNSEEN(
      "Nothing outside this host remembers the newest state: whoever restores an old disk together"
          + " with its tokens is not noticed."),

  /** The log has no witness that cosigns. */
  LOG_UNWITNESSED(
      "No witness cosigns the log: whoever holds this party's log key could show two histories."),

  /** Policy is the closed list of this release. */
  POLICY_WITHOUT_AMOUNTS(
      "The policy decides by initiator, key and purpose only: it knows no destinations, limits or"
          + " approvals yet."),

  /** Java gives no promise. */
  JVM_BEST_EFFORT(
      "Secrets are wiped and never put on the heap by our code, but the Java runtime may keep"
          + " copies of registers and stack words that we cannot wipe.");

  private final String sentence;

  Limit(String sentence) {
    this.sentence = sentence;
  }

  /** Stable, lower case, words joined by hyphens: {@code host-root-trusted}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** For people, one sentence. */
  public String sentence() {
    return sentence;
  }

  public static Optional<Limit> named(String label) {
    return Arrays.stream(values()).filter(limit -> limit.label().equals(label)).findFirst();
  }
}
