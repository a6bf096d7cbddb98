package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.DkgCertification;
import io.sharekeep.threshold.wire.Endpoint;
import io.sharekeep.threshold.wire.SignedEnvelope;
import java.util.ArrayList;
import java.util.List;

/**
 * Key generation, round 4 sent. Nothing is secret any more; from here on {@link CommitLedger}
 * decides, and the session may end at any time.
 */
public final class Certified {
  private final Endpoint endpoint;
  private final GeneratedKey key;
  private final SignedStatement own;
  private final SignedEnvelope broadcast;

  Certified(Endpoint endpoint, GeneratedKey key, SignedStatement own, SignedEnvelope broadcast) {
    this.endpoint = endpoint;
    this.key = key;
    this.own = own;
    this.broadcast = broadcast;
  }

  public List<SignedEnvelope> outbox() {
    return List.of(broadcast);
  }

  public GeneratedKey key() {
    return key;
  }

  /** The own certificate, to be stored with the record. */
  public SignedStatement certificate() {
    return own;
  }

  /**
   * What round 4 has brought so far.
   *
   * @param certificates valid ones, the own one included, ascending by party
   * @param refused who sent something else; the key stays PENDING
   */
  public record Collected(List<SignedStatement> certificates, List<PartyId> refused) {
    public Collected {
      certificates = List.copyOf(certificates);
      refused = List.copyOf(refused);
    }
  }

  public Collected collect() {
    var certificates = new ArrayList<SignedStatement>();
    var refused = new ArrayList<PartyId>();
    endpoint
        .accepted(Ceremony.CERTIFY)
        .forEach((party, envelope) ->
            DkgCertification.decode(envelope.envelope().payload())
                .valid()
                .map(sent -> new SignedStatement(party, own.statement(), sent.signature()))
                .filter(statement ->
                    statement.equals(own) || statement.verifies(endpoint.identity(party)))
                .ifPresentOrElse(certificates::add, () -> refused.add(party)));
    return new Collected(certificates, refused);
  }
}
