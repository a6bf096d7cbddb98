package io.sharekeep.attestation.evidence;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Trust that remains: what an auditor still has to believe about an appliance, or must see to by
 * other means. A name, once published, keeps its meaning; a limit that does not apply is absent.
 */
public enum Limit {
  /** Holds for every appliance without a trusted execution environment: all of this release. */
  HOST_ROOT_TRUSTED(
      "Root on the host, or whoever holds the PIN and the partition, can use this party's share"
          + " without asking the policy."),

  /** Holds for every appliance of this release. */
  SELF_MEASURED(
      "What software runs is this software's own word: code that hashes itself finds mistakes, not"
          + " an attacker inside."),

  /** Several parties of one committee are under one administration. */
  SHARED_ADMINISTRATION(
      "Parties of one committee share an administrator, a host, a PIN or a recovery key, so fewer"
          + " than the threshold of people can sign."),

  /** No event log goes with the quote, or there is no quote. */
  NO_BOOT_LOG("Nothing shows from what the TPM's registers were extended while the host booted."),

  /** No measurement list of the kernel goes with the quote. */
  NO_IMA("The kernel's list of what it loaded and ran (IMA) is not part of the evidence."),

  /** No quote of a TPM is given. */
  NO_TPM("No TPM measured the host before this software started."),

  /** The TPM is emulated, or nothing shows that it is not. */
  VTPM(
      "The TPM is software, or nothing shows that it is hardware: whoever owns its files can set it"
          + " back."),

  /** The token names SoftHSM or another token in software. */
  SOFT_TOKEN(
      "The keys lie in a token made of software: whoever reads its files and knows its PIN has the"
          + " keys."),

  /** No vendor's signature over the HSM's keys is given. */
  KEY_SELF_REPORTED(
      "That the keys cannot leave the token is read from the token's own attributes: no vendor's"
          + " signature says it."),

  /** No vendor's signature over the sealing key is given: most vendors attest no AES key. */
  KEK_SELF_REPORTED(
      "That the key which seals the shares cannot leave the token is the token's own word."),

  /** The backend keeps the PIN as a Java string. */
  PIN_ON_HEAP("The token's PIN lies on the Java heap while the appliance runs."),

  /** The ML-DSA key of the sidecar is not in an HSM. */
  PQ_SOFTWARE_KEY("The post-quantum signature is made by a key in software."),

  /** The receipt key is generated at boot in a slab. */
  RECEIPT_SOFTWARE_KEY("Signing receipts are signed by a key in this process's memory."),

  /** Time is not from NTS or a witness. */
  CLOCK_UNAUTHENTICATED("The clock follows time servers that are not authenticated, or none."),

  /** {@code memfd_secret} is not to be had. */
  MEMORY_MLOCK(
      "Open secrets lie in locked anonymous memory, which the kernel and root can read, not in"
          + " memfd_secret."),

  /** Secrets lie on the heap: a library's tests, and no appliance. */
  MEMORY_HEAP("Open secrets lie on the Java heap, where nothing wipes copies."),

  /** The PIN comes from the service manager at boot. */
  UNATTENDED_UNLOCK(
      "The core token's PIN is stored on this host, so that the appliance starts without people."),

  /** The log has no witness that cosigns. */
  UNWITNESSED(
      "No witness cosigns the log: whoever holds this party's log key could show two histories."),

  /** An administrators' quorum lets a peer in whose report does not pass. */
  PEER_WAIVER("A peer is admitted although its report does not pass, by a signed waiver."),

  /** No monotonic counter or witness outside the state folder is in use. */
  ROLLBACK_UNSEEN(
      "Nothing outside this host remembers the newest state: whoever restores an old disk together"
          + " with its tokens is not noticed."),

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
