package io.sharekeep.enclave.session;

import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.Cancellation;
import io.sharekeep.enclave.Check;
import io.sharekeep.enclave.DerivedKey;
import io.sharekeep.enclave.DocumentFile;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.EnclaveStatus;
import io.sharekeep.enclave.Following;
import io.sharekeep.enclave.Frozen;
import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import io.sharekeep.enclave.KeyStatements;
import io.sharekeep.enclave.Order;
import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.PairDescription;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Proposal;
import io.sharekeep.enclave.Refusal;
import io.sharekeep.enclave.Sealing;
import io.sharekeep.enclave.State;
import io.sharekeep.enclave.State.Operation;
import io.sharekeep.enclave.Statistics;
import io.sharekeep.enclave.StepReply;
import io.sharekeep.enclave.StepRequest;
import io.sharekeep.enclave.WaitingRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An appliance whose audit log does not verify: FAILED from its start. It says so, and shows the
 * documents, which their owners' signatures vouch for. Keys and outcomes stay untold, since only
 * the log vouches for those rows, and an address from an altered one would be believed.
 *
 * @param status FAILED, with the reason
 * @param resources what is open; closed in reverse
 */
record FailedCore(EnclaveStatus status, Books books, List<AutoCloseable> resources)
    implements Enclave {
  FailedCore {
    if (status.state() != State.FAILED) {
      throw new IllegalArgumentException("a core without a log is FAILED, not " + status.state());
    }
    resources = List.copyOf(resources);
  }

  private Refusal refusal(Operation operation) {
    return Core.notAdmitted(status.state(), status.reason(), operation);
  }

  @Override
  public List<Check> readiness() {
    return Core.notReady(status.state(), status.reason());
  }

  @Override
  public Statistics statistics() {
    return Statistics.NONE;
  }

  @Override
  public Documents documents() {
    return books.documents();
  }

  @Override
  public Optional<CallerIdentity> caller(byte[] spkiSha256) {
    return books.caller(spkiSha256);
  }

  @Override
  public List<KeyDescription> keys() {
    return List.of();
  }

  @Override
  public Optional<DerivedKey> derived(KeyId id, KeyPath path) {
    return Optional.empty();
  }

  @Override
  public List<PairDescription> pairs(KeyId id) {
    return List.of();
  }

  @Override
  public Optional<KeyDescription> key(KeyId id) {
    return Optional.empty();
  }

  @Override
  public Proposal propose(Order order, Set<Integer> reachableParties) {
    return new Proposal.Refused(refusal(Core.operation(order)));
  }

  @Override
  public StepReply step(byte[] locator, StepRequest request) {
    return new StepReply.Refused(
        refusal(
            request
                .opening()
                .map(opening -> Core.operation(opening.order()))
                .orElse(Operation.SIGN)));
  }

  @Override
  public Optional<Outcome> outcome(String requestId) {
    return Optional.empty();
  }

  @Override
  public Following follow(DocumentFile document) {
    return new Following.Refused(refusal(Operation.SIGN));
  }

  @Override
  public Optional<PendingPolicy> pendingPolicy() {
    return Optional.empty();
  }

  @Override
  public Cancellation cancelPolicy(byte[] statement) {
    return new Cancellation.Refused(refusal(Operation.SIGN));
  }

  @Override
  public Frozen freeze(byte[] statement) {
    return new Frozen.Refused(refusal(Operation.FREEZE));
  }

  @Override
  public Frozen unfreeze(List<byte[]> statements) {
    return new Frozen.Refused(refusal(Operation.UNFREEZE));
  }

  @Override
  public List<byte[]> decisions(String requestId) {
    return List.of();
  }

  /** Its log may be what is wrong; its files can be read on the host. */
  @Override
  public Optional<byte[]> logFile(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<byte[]> blame(String requestId) {
    return Optional.empty();
  }

  @Override
  public boolean keepsPresignatures() {
    return false;
  }

  @Override
  public Optional<Order> presigning(Set<Integer> reachableParties) {
    return Optional.empty();
  }

  @Override
  public List<WaitingRequest> waiting() {
    return List.of();
  }

  @Override
  public Optional<WaitingRequest> waiting(String requestId) {
    return Optional.empty();
  }

  @Override
  public Optional<Refusal> assent(String requestId, byte[] statement) {
    return Optional.of(refusal(Operation.SIGN));
  }

  @Override
  public Optional<Refusal> hear(Order order, byte[] statement) {
    return Optional.of(refusal(Operation.SIGN));
  }

  @Override
  public List<KeyStatements> undecided() {
    return List.of();
  }

  @Override
  public KeyStatements exchange(KeyStatements fromPeer) {
    return new KeyStatements(fromPeer.key(), fromPeer.sessionId(), List.of());
  }

  @Override
  public void shown(byte[] note) {
    // It is FAILED already, and there is no log to hold the note against.
  }

  @Override
  public Sealing sealing() {
    return new Sealing(List.of(), 0, 0, 0, 0, status.reason());
  }

  @Override
  public Optional<Refusal> seal(Sealing.Order order) {
    return Optional.of(
        new Refusal(
            Refusal.Code.STATE, "the appliance is " + status.state() + " and seals nothing anew"));
  }

  /** Every resource takes a second call. */
  @Override
  public void close() {
    resources.reversed().forEach(Assembly::closeQuietly);
  }
}
