package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Key generation, certified. Nothing is secret any more; from here on {@link CommitLedger} decides,
 * and the session may end at any time.
 */
public final class Certified {
  private final Endpoint endpoint;
  private final GeneratedKey key;
  private final SignedStatement own;

  Certified(Endpoint endpoint, GeneratedKey key, SignedStatement own) {
    this.endpoint = endpoint;
    this.key = key;
    this.own = own;
  }

  public GeneratedKey key() {
    return key;
  }

  /** The own certificate, to be stored with the record and sent to all. */
  public SignedStatement certificate() {
    return own;
  }

  /**
   * What a round of statements has brought.
   *
   * @param certificates those that certify this very key, the own one included, ascending by party
   * @param refused who certifies another key under this session: the key stays PENDING
   * @param missing of whom no certificate came that it has signed
   */
  public record Collected(
      List<SignedStatement> certificates, List<PartyId> refused, List<PartyId> missing) {
    public Collected {
      certificates = List.copyOf(certificates);
      refused = List.copyOf(refused);
      missing = List.copyOf(missing);
    }
  }

  /** Judges what came. Whatever its signer did not sign is as if it had not come. */
  public Collected collect(List<SignedStatement> received) {
    var certificates = new ArrayList<SignedStatement>();
    var refused = new ArrayList<PartyId>();
    var missing = new ArrayList<PartyId>();
    for (var party : new TreeSet<>(key.committee().parties())) {
      var signed = party.equals(own.signer()) ? List.of(own) : signedBy(party, received);
      var ours = signed.stream().filter(s -> s.statement().equals(own.statement())).findFirst();
      if (ours.isPresent()) {
        certificates.add(ours.get());
      } else {
        (signed.isEmpty() ? missing : refused).add(party);
      }
    }
    return new Collected(certificates, refused, missing);
  }

  private List<SignedStatement> signedBy(PartyId party, List<SignedStatement> received) {
    return received.stream()
        .filter(statement -> statement.signer().equals(party))
        .filter(statement -> statement.statement() instanceof Statement.Certificate)
        .filter(statement -> statement.statement().session().equals(key.session()))
        .filter(statement -> statement.verifies(endpoint.identity(party)))
        .toList();
  }
}
