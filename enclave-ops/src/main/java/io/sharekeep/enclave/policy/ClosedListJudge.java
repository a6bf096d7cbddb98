package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.PairRequest;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.audit.DecisionId;
import io.sharekeep.enclave.rules.Charge;
import io.sharekeep.enclave.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Judges by a closed list: first match allows, no match denies. It knows no amounts or limits. */
public final class ClosedListJudge implements Judge {
  private static final String CEREMONY = "role-administrator";

  private final PolicyDocument policy;
  private final HeldSignatures signatures = new HeldSignatures();

  public ClosedListJudge(PolicyDocument policy) {
    this.policy = policy;
  }

  @Override
  public PartyPolicy policy() {
    return policy;
  }

  @Override
  public Optional<String> initiator(SignedRequest<?> request) {
    // A stranger's signature is not worth its verification.
    return policy
        .ownerOf(request.algorithm(), request.key())
        .filter(_ -> signatures.holds(request));
  }

  @Override
  public boolean waits(Petition petition) {
    return false;
  }

  @Override
  public Judgement judge(Transaction tx, Petition petition, Optional<byte[]> reserved) {
    return Judgement.unrecorded(
        switch (petition) {
          case Petition.Signing signing -> decide(signing.body(), signing.initiator());
          case Petition.Generating generating ->
              decide(generating.request().body(), generating.initiator());
        });
  }

  Decision decide(SignRequest request, String initiator) {
    if (!policy.holders(Role.INITIATOR).contains(initiator)
        || !policy.committees().contains(request.committee())) {
      return new Decision.Denied(DEFAULT_DENY);
    }
    for (var rule : policy.allow()) {
      if (rule.initiators().contains(initiator)
          && names(rule, request.keyId())
          && rule.purposes().contains(request.purpose())) {
        return new Decision.Approved(
            new Approval(
                Judge.decision(request),
                request.digest(),
                initiator,
                rule.id(),
                request.notAfter()));
      }
    }
    return new Decision.Denied(DEFAULT_DENY);
  }

  /** Administrators of an accepted committee may have one. */
  Decision decide(KeyRequest request, String initiator) {
    if (!policy.holders(Role.ADMINISTRATOR).contains(initiator)
        || !policy.committees().contains(request.committee())) {
      return new Decision.Denied(DEFAULT_DENY);
    }
    return new Decision.Approved(
        new Approval(
            Judge.decision(request), request.digest(), initiator, CEREMONY, request.notAfter()));
  }

  /** Two administrators of an accepted committee may have one. */
  @Override
  public Judgement judge(PairRequest request, SortedSet<String> people) {
    boolean may =
        people.size() >= PAIR_OPERATORS
            && policy.holders(Role.ADMINISTRATOR).containsAll(people)
            && policy.committees().contains(request.committee());
    return Judgement.unrecorded(
        may
            ? new Decision.Approved(
                new Approval(
                    Judge.decision(request),
                    request.digest(),
                    String.join(", ", people),
                    CEREMONY,
                    request.notAfter()))
            : new Decision.Denied(DEFAULT_DENY));
  }

  @Override
  public Optional<String> behind(Transaction tx, Instant now) {
    return Optional.empty(); // A closed list has no windows.
  }

  @Override
  public void reserve(Transaction tx, DecisionId decision, List<Charge> charges, Instant at) {
    // A closed list has no limits.
  }

  @Override
  public void commit(Transaction tx, DecisionId decision, Instant now) {
    // As above.
  }

  @Override
  public void release(Transaction tx, DecisionId decision) {
    // As above.
  }

  private static boolean names(PolicyDocument.Allow rule, KeyId key) {
    return rule.keys().contains(PolicyDocument.ANY_KEY) || rule.keys().contains(key.hex());
  }
}
