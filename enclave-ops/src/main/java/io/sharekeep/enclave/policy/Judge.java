package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.RequestBody;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.store.Transaction;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Holds requests against the policy in force. It trusts nothing but that policy. */
public sealed interface Judge permits ClosedListJudge, RulesJudge {
  /** The rule that is named when none speaks. */
  String DEFAULT_DENY = "default-deny";

  /** How many people it takes to let a pair make its secrets anew, whatever a policy says. */
  int PAIR_OPERATORS = 2;

  PartyPolicy policy();

  /**
   * Who signed that request; empty if the signature does not hold or the policy knows no such key.
   */
  Optional<String> initiator(SignedRequest<?> request);

  /** Whether it would have to wait for people, whatever limits say. Writes nothing. */
  boolean waits(Petition petition);

  /**
   * Signatures or a key are wanted. Changes nothing: {@link #reserve} does.
   *
   * @param tx the transaction in which the decision becomes durable
   * @param reserved the record of the decision that has taken its charges out of limits already
   * @throws ClockBehind where windows cannot be told
   */
  Judgement judge(Transaction tx, Petition petition, Optional<byte[]> reserved);

  /**
   * Two parties are to make their pair anew.
   *
   * @param people who signed that, each once
   */
  Judgement judge(PairRequest request, SortedSet<String> people);

  /** Why nothing can be decided at that time, if the clock stands back too far for it. */
  Optional<String> behind(Transaction tx, Instant now);

  /** Takes a judgement's charges out of their windows, in the transaction of the decision. */
  void reserve(Transaction tx, DecisionId decision, List<Charge> charges, Instant at);

  /**
   * What was reserved counts for good, and its windows begin now: to be durable before a last-round
   * message leaves.
   */
  void commit(Transaction tx, DecisionId decision, Instant now);

  /** Gives back what is still reserved: in the transaction that ends the request unsigned. */
  void release(Transaction tx, DecisionId decision);

  /** One request has one decision: it is named by what the initiator signed. */
  static DecisionId decision(RequestBody request) {
    return decision(request.digest());
  }

  /** The same, by that digest. */
  static DecisionId decision(byte[] requestDigest) {
    return new DecisionId(HexFormat.of().formatHex(requestDigest, 0, 16));
  }
}
