package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.enclave.SignRequest;
import io.sharekeep.enclave.SignedRequest;
import io.sharekeep.enclave.rules.Facts;
import io.sharekeep.intent.Account;
import io.sharekeep.intent.Intent;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A request as it comes before the policy: what was signed by whom, and all that this party has
 * found out about it by itself.
 */
public sealed interface Petition {
  /**
   * For signatures.
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
  record Signing(
      SignedRequest<SignRequest> request,
      byte[] payload,
      Account account,
      Intent intent,
      String initiator,
      long epoch,
      Set<String> own,
      Set<String> quorum,
      List<Assent> assents,
      Instant at)
      implements Petition {
    public Signing {
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

  /** For a key; each component as of signatures. */
  record Generating(
      SignedRequest<KeyRequest> request, String initiator, List<Assent> assents, Instant at)
      implements Petition {
    public Generating {
      assents = List.copyOf(assents);
    }
  }

  SignedRequest<?> request();

  String initiator();

  List<Assent> assents();

  Instant at();

  /** What is to be kept beside the request, to decide about it later. */
  default byte[] kept() {
    return switch (this) {
      case Signing signing -> signing.payload();
      case Generating _ -> new byte[0];
    };
  }
}
