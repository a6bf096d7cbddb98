package io.sharekeep.enclave;

import java.util.Optional;

/**
 * A no that changed nothing but, at most, ended its session, with a stable code for programs and a
 * sentence for people.
 *
 * @param detail what is wrong and what to do; never contains payload, key material or a stack trace
 * @param remembered with {@link Code#CHECKPOINT_BEHIND} where a party showed less of its log than
 *     before: the proof
 */
public record Refusal(Code code, String detail, Optional<Remembered> remembered) {
  /** A refusal that proves nothing against anybody. */
  public Refusal(Code code, String detail) {
    this(code, detail, Optional.empty());
  }

  /** The same no in other words. */
  public Refusal saying(String sentence) {
    return new Refusal(code, sentence, remembered);
  }

  /**
   * What a party's log once said of itself, signed by its own {@code log} key (protocols, section
   * 3.9): for that party, whose state is older.
   *
   * @param party whose log it is
   * @param note C2SP signed note, at most 512 bytes
   */
  public record Remembered(int party, byte[] note) {
    public Remembered {
      note = note.clone();
    }

    @Override
    public byte[] note() {
      return note.clone();
    }
  }

  /** Stable: a code, once published, keeps its meaning. */
  public enum Code {
    MALFORMED("malformed", 400),
    POLICY_DEFERRED("policy-deferred", 202),
    REQUEST_UNAUTHENTIC("request-unauthentic", 403),
    APPROVAL_MALFORMED("approval-malformed", 400),
    APPROVAL_UNKNOWN_KEY("approval-unknown-key", 403),
    APPROVAL_SIGNATURE("approval-signature", 403),
    APPROVAL_NOT_APPROVER("approval-not-approver", 403),
    APPROVAL_BY_INITIATOR("approval-by-initiator", 403),
    APPROVAL_ORIGIN("approval-origin", 403),
    APPROVAL_USER_VERIFICATION("approval-user-verification", 403),
    APPROVAL_OTHER_REQUEST("approval-other-request", 422),
    APPROVAL_OTHER_POLICY("approval-other-policy", 409),
    APPROVAL_REPEATED("approval-repeated", 409),
    APPROVAL_EXPIRED("approval-expired", 410),
    NOT_WAITING("not-waiting", 404),
    UNKNOWN_KEY("unknown-key", 404),
    UNKNOWN_COMMITTEE("unknown-committee", 404),
    UNKNOWN_SESSION("unknown-session", 404),
    STATE("state", 409),
    FROZEN("frozen", 409),
    KEY_EXISTS("key-exists", 409),
    KEY_NOT_USABLE("key-not-usable", 409),
    PAIR_NOT_USABLE("pair-not-usable", 409),
    SIGNERS_LOCKED("signers-locked", 409),
    REQUEST_CONFLICT("request-conflict", 409),
    INBOX_INCOMPLETE("inbox-incomplete", 409),
    INBOX_CONFLICT("inbox-conflict", 409),
    CHECKPOINT_BEHIND("checkpoint-behind", 409),
    EXPIRED("expired", 410),
    DOCUMENT_REFUSED("document-refused", 422),
    PAYLOAD_REFUSED("payload-refused", 422),
    MISMATCH("mismatch", 422),
    OVERLOADED("overloaded", 503),
    TOO_FEW_PARTIES("too-few-parties", 503),
    HSM_UNAVAILABLE("hsm-unavailable", 503),
    STORE_UNAVAILABLE("store-unavailable", 503),
    POLICY_UNAVAILABLE("policy-unavailable", 503);

    private final String label;
    private final int httpStatus;

    Code(String label, int httpStatus) {
      this.label = label;
      this.httpStatus = httpStatus;
    }

    /** As in problem documents. */
    public String label() {
      return label;
    }

    public int httpStatus() {
      return httpStatus;
    }
  }
}
