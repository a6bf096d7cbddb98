package io.sharekeep.enclave.audit;

import io.sharekeep.enclave.KeyId;
import java.util.List;
import java.util.Optional;

/**
 * What the log records. No payload, no message, no key material; every field is text or a number
 * that an auditor may read.
 */
public sealed interface Entry {
  /** The process began and its log verified. */
  record Started(String boot, String version, String secretMemory, String tokenBackend)
      implements Entry {}

  /** The process ended in order. */
  record Stopped(String boot) implements Entry {}

  /**
   * The policy has judged a request. A yes here, once durable, is what lets a session open.
   *
   * @param requestDigest hex: what the initiator signed
   * @param key the key asked for, or to be made
   * @param rule which rule of the policy decided
   * @param policy hex hash of the policy
   * @param record hex SHA-256 of the decision's record, from which it can be made again; absent
   *     where this entry is all there is
   */
  record Decided(
      DecisionId decision,
      String requestId,
      String requestDigest,
      String operation,
      String initiator,
      KeyId key,
      Effect effect,
      String rule,
      String policy,
      Optional<String> record)
      implements Entry {}

  /**
   * A person has said something to a request that waits.
   *
   * @param choice {@code approve}, {@code reject} or {@code withdraw}
   * @param statement hex SHA-256 of what was signed, with its signature
   */
  record ApprovalTaken(
      DecisionId decision, String requestId, String person, String choice, String statement)
      implements Entry {}

  /**
   * A request that waited for people is over, unsigned; what it had reserved is given back.
   *
   * @param why one word
   * @param by who ended it; empty where nobody did
   */
  record RequestClosed(DecisionId decision, String requestId, String why, String by)
      implements Entry {}

  /** What a decision came to. */
  enum Effect {
    APPROVED("approved"),
    DENIED("denied"),
    DEFERRED("deferred");

    private final String label;

    Effect(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * @param session hex: hash of the session's context
   * @param quorum the parties that take part
   */
  record SessionOpened(
      DecisionId decision,
      String session,
      String protocol,
      String requestId,
      KeyId key,
      long epoch,
      List<Integer> quorum)
      implements Entry {
    public SessionOpened {
      quorum = List.copyOf(quorum);
    }
  }

  /**
   * Signatures that verified under the group key.
   *
   * @param messages hex SHA-256 of each message that was signed, by lane
   * @param shareOpenMicros how long in all this party's share lay open for them, in microseconds
   */
  record Signed(
      String session,
      String requestId,
      KeyId key,
      long epoch,
      List<String> messages,
      long shareOpenMicros)
      implements Entry {
    public Signed {
      messages = List.copyOf(messages);
    }
  }

  /**
   * A session failed; nothing was released.
   *
   * @param shareOpenMicros how long in all this party's share lay open for it, in microseconds
   */
  record Aborted(
      String session, String requestId, String fault, List<Integer> culprits, long shareOpenMicros)
      implements Entry {
    public Aborted {
      culprits = List.copyOf(culprits);
    }
  }

  /**
   * A session died with its process or deadline.
   *
   * @param shareOpenMicros how long in all the share lay open for it; 0 if its process is gone,
   *     which alone knew
   */
  record Lost(String session, String requestId, String reason, long shareOpenMicros)
      implements Entry {}

  /** A peer was caught and is banned. */
  record Banned(String session, int party, String peer, String fault) implements Entry {}

  /**
   * What this party shares with another of an ECDSA key must not be used any more.
   *
   * @param session hex: hash of the context of the session in which it happened
   * @param party the other one
   * @param cause what its message proved, or {@code exception} where our own code failed on it
   */
  record PairBurnt(String session, KeyId key, long epoch, int party, long generation, String cause)
      implements Entry {}

  /**
   * The process died while it worked with what it shares with another party of an ECDSA key.
   *
   * @param deaths of this generation, this one included; at eight the pair needs new keys
   */
  record PairDied(KeyId key, long epoch, int party, long generation, int deaths) implements Entry {}

  /**
   * A pair begins to make its secrets anew; the old ones are used no more.
   *
   * @param session hex: hash of the context of the session that does it
   * @param by who wanted it
   */
  record PairRekeying(
      String session, KeyId key, long epoch, int party, long generation, List<String> by)
      implements Entry {
    public PairRekeying {
      by = List.copyOf(by);
    }
  }

  /** New secrets of a pair are sealed in the place of the old ones, and it signs again. */
  record PairRekeyed(
      String session, String requestId, KeyId key, long epoch, int party, long generation)
      implements Entry {}

  /**
   * A presignature lies in locked memory.
   *
   * @param signers who can use it, together
   */
  record Presigned(String session, String requestId, KeyId key, long epoch, List<Integer> signers)
      implements Entry {
    public Presigned {
      signers = List.copyOf(signers);
    }
  }

  /**
   * A presignature serves one request, and no other from here on.
   *
   * @param session hex: hash of the context of the session that uses it
   * @param presignature hex: the session that made it
   * @param binding hex: hash of message, path and signers
   */
  record PresignatureBound(
      String session, KeyId key, long epoch, String presignature, String binding)
      implements Entry {}

  /**
   * Signers of an ECDSA key came to no signature together and nobody could be caught.
   *
   * @param session hex: hash of the context of the session in which it happened
   * @param signers all of them
   * @param failures of this set, this one included; at three operators decide
   */
  record SignersFailed(
      String session, KeyId key, long epoch, List<Integer> signers, String fault, int failures)
      implements Entry {
    public SignersFailed {
      signers = List.copyOf(signers);
    }
  }

  /** This party's share of a new key is sealed. */
  record KeyPending(KeyId key, long epoch, String session, String committee, String publicKey)
      implements Entry {}

  /** All certificates are held. */
  record KeyActive(KeyId key, long epoch, String session) implements Entry {}

  /** All active statements are held: the key signs. */
  record KeyUsable(KeyId key, long epoch, String session) implements Entry {}

  /** All withdrawals are held: the pending record is gone. */
  record KeyDiscarded(KeyId key, long epoch, String session) implements Entry {}

  /**
   * A kek was made and seals from now on in the place of its token's older one.
   *
   * @param kek hex id
   * @param token {@code core} or {@code fallback}
   */
  record KekMade(String kek, String token, int generation) implements Entry {}

  /** A kek that opened nothing any more is destroyed. */
  record KekDestroyed(String kek, String token, int generation) implements Entry {}

  /**
   * This party's share was sealed anew, and that was opened.
   *
   * @param kek hex id of the one that opens it now too
   * @param version of the seal
   * @param removed hex ids of the keks that open it no more
   * @param shareOpenMicros how long in all the share lay open for it
   */
  record KeyResealed(
      KeyId key, long epoch, String kek, int version, List<String> removed, long shareOpenMicros)
      implements Entry {
    public KeyResealed {
      removed = List.copyOf(removed);
    }
  }

  /**
   * @param document {@code committee}, {@code policy} or {@code list}
   * @param hash hex
   */
  record DocumentAccepted(String document, String id, long version, String hash) implements Entry {}

  /**
   * An administrator has stopped signing.
   *
   * @param freeze hex SHA-256 of what was signed
   * @param scope {@code appliance} or a key id
   */
  record Froze(String freeze, String scope, String by) implements Entry {}

  /**
   * Signing may go on.
   *
   * @param by who said so
   */
  record Unfroze(String freeze, String scope, List<String> by) implements Entry {
    public Unfroze {
      by = List.copyOf(by);
    }
  }

  /**
   * A version of the policy waits for its time.
   *
   * @param hash hex
   * @param activeFrom RFC 3339
   */
  record PolicyPending(long version, String hash, String activeFrom) implements Entry {}

  /**
   * An administrator has cancelled a version of the policy that waited for its time.
   *
   * @param hash hex
   * @param statement hex SHA-256 of what was signed
   */
  record PolicyCancelled(long version, String hash, String by, String statement) implements Entry {}

  /** Requests that were refused before they were looked at, counted per caller and second. */
  record RefusedBurst(String caller, String code, long count) implements Entry {}
}
