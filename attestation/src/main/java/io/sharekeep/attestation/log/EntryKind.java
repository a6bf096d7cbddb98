package io.sharekeep.attestation.log;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an entry of the audit log is about; the list of all that an appliance writes. */
public enum EntryKind {
  STARTED("started", false),
  STOPPED("stopped", false),
  DECIDED("decided", false),
  APPROVAL_TAKEN("approval-taken", false),
  REQUEST_CLOSED("request-closed", false),
  SESSION_OPENED("session-opened", false),
  SIGNED("signed", false),
  ABORTED("aborted", false),
  LOST("lost", false),
  BANNED("banned", true),
  PAIR_BURNT("pair-burnt", true),
  PAIR_DIED("pair-died", true),
  PAIR_REKEYING("pair-rekeying", true),
  PAIR_REKEYED("pair-rekeyed", true),
  PRESIGNED("presigned", false),
  PRESIGNATURE_BOUND("presignature-bound", false),
  SIGNERS_FAILED("signers-failed", true),
  KEY_PENDING("key-pending", true),
  KEY_ACTIVE("key-active", true),
  KEY_USABLE("key-usable", true),
  KEY_DISCARDED("key-discarded", true),
  KEK_MADE("kek-made", true),
  KEK_DESTROYED("kek-destroyed", true),
  KEY_RESEALED("key-resealed", true),
  DOCUMENT_ACCEPTED("document-accepted", true),
  FROZE("froze", true),
  UNFROZE("unfroze", true),
  POLICY_PENDING("policy-pending", true),
  POLICY_CANCELLED("policy-cancelled", true),
  REFUSED_BURST("refused-burst", false);

  private static final Map<String, EntryKind> BY_LABEL =
      Arrays.stream(values()).collect(Collectors.toMap(EntryKind::label, Function.identity()));

  private final String label;
  private final boolean movesState;

  EntryKind(String label, boolean movesState) {
    this.label = label;
    this.movesState = movesState;
  }

  /** As it stands in the entry. */
  public String label() {
    return label;
  }

  /** Whether it changes what the appliance would sign: it moves the state digest. */
  public boolean movesState() {
    return movesState;
  }

  public static Optional<EntryKind> of(String label) {
    return Optional.ofNullable(BY_LABEL.get(label));
  }
}
