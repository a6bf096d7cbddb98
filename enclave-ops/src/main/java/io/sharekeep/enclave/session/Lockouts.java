package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.store.SignerSets.SetRow;
import io.sharekeep.threshold.Fault;
import io.sharekeep.threshold.PartyId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which signers of an ECDSA key came to no signature together, at hand. A part that is wrong cannot
 * be told from the others, so it is the set that is counted, other sets go first, and after three
 * failures operators decide (protocols, section 4.7). The store says it first: an entry changes
 * only after the commit that changed its row. Safe for all threads.
 */
final class Lockouts {
  /** So many failures and the set signs no more. */
  static final int LIMIT = 3;

  private record Signers(KeyId key, List<Integer> parties) {}

  private final Map<Signers, Integer> failures = new ConcurrentHashMap<>();

  /** Whether a fault counts against all who signed, since nobody can be shown to have caused it. */
  static boolean counts(Fault fault) {
    return fault == Fault.BAD_KEY_SUM || fault == Fault.BAD_SIGNATURE;
  }

  void put(SetRow row) {
    // Sessions of one set end side by side: the count that came last in the store is the largest.
    failures.merge(new Signers(row.keyId(), row.signers()), row.failures(), Math::max);
  }

  /** Of those sets in which both are: they have made their pair anew. */
  static boolean concerns(SetRow row, KeyId key, PartyId one, PartyId other) {
    return row.keyId().equals(key)
        && row.signers().contains(one.value())
        && row.signers().contains(other.value());
  }

  void forget(SetRow row) {
    failures.remove(new Signers(row.keyId(), row.signers()));
  }

  /** How often these have failed together. */
  int failures(KeyId key, List<PartyId> signers) {
    return failures.getOrDefault(new Signers(key, ids(signers)), 0);
  }

  boolean locked(KeyId key, List<PartyId> signers) {
    return failures(key, signers) >= LIMIT;
  }

  static List<Integer> ids(List<PartyId> signers) {
    return signers.stream().sorted().map(PartyId::value).toList();
  }

  /** To whoever wants a signature of theirs. */
  static Refusal refusal(List<PartyId> signers) {
    return new Refusal(
        Refusal.Code.SIGNERS_LOCKED,
        signers.stream().map(PartyId::toString).collect(Collectors.joining(", "))
            + " came to no signature with this key "
            + LIMIT
            + " times and nobody could be caught: other parties may sign, or operators let two of"
            + " these make their pair anew (sharekeep key rekey-pair)");
  }
}
