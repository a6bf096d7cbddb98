package io.sharekeep.enclave;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The trusted core. It believes nobody: every order is verified against this party's own policy,
 * every message against this party's own records, whoever brings it.
 *
 * <p>Every method may be called from any thread and may block for an HSM call or a durable write;
 * none may be called from an event loop.
 */
public interface Enclave extends AutoCloseable {
  /** State, identity and what runs; never blocks on the HSM. */
  EnclaveStatus status();

  /**
   * Does the work that readiness promises: a real seal and open under {@code kek}, an opened key
   * record whose public share recomputes, a signature of {@code identity}, a durable write. A fresh
   * success is reused for a quarter of a second, unless the token is known to be lost.
   */
  List<Check> readiness();

  /** Counters since start, for metrics. */
  Statistics statistics();

  /** The party documents in force: committees by hash and the policy. */
  Documents documents();

  /** Which of the policy's names stands behind a TLS client key, and its roles. */
  Optional<CallerIdentity> caller(byte[] spkiSha256);

  List<KeyDescription> keys();

  Optional<KeyDescription> key(KeyId id);

  /**
   * What derives from a key along a path, from this party's own record; empty where it has no such
   * key, or with a chance of 2^-127 for a path that leads to none.
   */
  Optional<DerivedKey> derived(KeyId id, KeyPath path);

  /** What this party shares with each other of an ECDSA key; nothing of other keys. */
  List<PairDescription> pairs(KeyId id);

  /**
   * Prepares a session for an order: chooses the quorum among the reachable parties and writes the
   * session's context. Nothing is opened, logged or spent; a coordinator is a mere relay.
   */
  Proposal propose(Order order, Set<Integer> reachableParties);

  /**
   * One round of a session at this party: the whole of the appliance's work. Round 1 carries the
   * order, which is verified, judged, logged and only then opened. Asked again with the same bytes
   * it answers with the same bytes.
   *
   * @param locator 32 bytes: the hash of the context in round 1, the session id later
   */
  StepReply step(byte[] locator, StepRequest request);

  /** The stored outcome of a request that this party has finished, if it knows it. */
  Optional<Outcome> outcome(String requestId);

  /**
   * What this party has decided about a request, oldest first, and why: canonical JSON, from which
   * {@link OfflineDecision} makes the decision again. None of a closed list's.
   */
  List<byte[]> decisions(String requestId);

  /**
   * What this party reports about others after a session of a request that failed: what {@link
   * OfflineBlame} judges. Empty where it aborted none, or nobody can be named.
   */
  Optional<byte[]> blame(String requestId);

  /** Whether an operator has said that some are kept, of any key. */
  boolean keepsPresignatures();

  /**
   * What would fill this party's stock of presignatures, if anything is missing of it: one order to
   * carry. Unusable ones are wiped by the way.
   *
   * @param reachableParties those who answer
   */
  Optional<Order> presigning(Set<Integer> reachableParties);

  /**
   * A file of this party's audit log as c2sp.org/tlog-tiles names it: {@code checkpoint}, which is
   * signed now if one is due, {@code tile/0/x001/067}, {@code tile/entries/000.p/12}.
   *
   * @return empty for what is no such name, what the log does not have yet, and in the state FAILED
   */
  Optional<byte[]> logFile(String name);

  /** Requests that wait for people at this party, oldest first. */
  List<WaitingRequest> waiting();

  /** The one of that id, if it waits. */
  Optional<WaitingRequest> waiting(String requestId);

  /**
   * Takes what a person has signed about a request that waits here: an approval, a rejection, which
   * ends it, or an approval taken back.
   *
   * @return why not, if not
   */
  Optional<Refusal> assent(String requestId, byte[] statement);

  /**
   * Takes word that a person takes an approval back or rejects, about a request that waits at
   * another party: from here that approval counts no more here either, and a rejected request opens
   * no session. It is verified as if it were said here.
   *
   * @param order what it is about; its approvals are not looked at
   * @return why not, if not
   */
  Optional<Refusal> hear(Order order, byte[] statement);

  /**
   * Statements of key generations that this party cannot decide alone yet, to be shown to peers.
   */
  List<KeyStatements> undecided();

  /**
   * Takes what a peer holds about a key generation and gives back all that this party holds: the
   * exchange by which a pending key becomes active and then usable, also after restarts.
   */
  KeyStatements exchange(KeyStatements fromPeer);

  /**
   * Takes what a peer remembers of this party's log. An authentic checkpoint that says more than
   * the log on disk proves that this state is an old one: the appliance is then FAILED, for as long
   * as that holds, also after a restart (protocols, section 3.9).
   *
   * @param note C2SP signed note; anything that proves nothing changes nothing
   */
  void shown(byte[] note);

  /**
   * Takes a newer version of the policy, or a list, with its signatures: judged by the policy in
   * force alone (policy and intents, section 6).
   *
   * @return from when it is in force, or why it will not be
   */
  Following follow(DocumentFile document);

  /** The version of the policy that waits for its time, if there is one. */
  Optional<PendingPolicy> pendingPolicy();

  /** Ends that wait for good, at one administrator's signed word. */
  Cancellation cancelPolicy(byte[] statement);

  /** Stops signing, by the appliance or by one key, at one administrator's signed word. */
  Frozen freeze(byte[] statement);

  /** Lets it go on, at the signed words of the quorum that the policy names. */
  Frozen unfreeze(List<byte[]> statements);

  /** How shares are sealed. Asks nothing of a token. */
  Sealing sealing();

  /**
   * Changes how shares are sealed. Records are then sealed anew in the background, in small steps,
   * and after a restart from where that stopped.
   *
   * @return why not, if not
   */
  Optional<Refusal> seal(Sealing.Order order);

  /** Ends sessions, wipes every slab, closes the store and logs out. A second call does nothing. */
  @Override
  void close();
}
