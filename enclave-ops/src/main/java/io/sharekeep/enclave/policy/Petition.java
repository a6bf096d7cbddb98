package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.rules.Facts;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Intent;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A request for signatures as it comes before the policy: what was signed by whom, and all that
 * this party has found out about it by itself.
 *
 * @param request its initiator's signature holds
 * @param payload the whole unsigned transaction
 * @param account our side of it, with which it was read
 * @param intent what it does
 * @param initiator whose signature the request carries
 * @param epoch of the key
 * @param own addresses of wallets of ours on the transaction's chain
 * @param quorum names of the parties that take part
 * @param assents what people have said to it, verified; see {@link Assents}
 * @param at when, in whole milliseconds
 */
public record Petition(
    SignedRequest<SignRequest> request,
    byte[] payload,
    Account account,
    Intent intent,
    String initiator,
    long epoch,
    Set<String> own,
    Set<String> quorum,
    List<Assent> assents,
    Instant at) {
  public Petition {
    payload = payload.clone();
    own = Set.copyOf(own);
    quorum = Set.copyOf(quorum);
    assents = List.copyOf(assents);
  }

  SignRequest body() {
    return request.body();
  }

  /** What rules look at. */
  Facts facts() {
    return Facts.of(
        intent,
        new Facts.Asked(
            initiator, body().committee(), body().keyId().hex(), body().purpose(), own, quorum));
  }
}
