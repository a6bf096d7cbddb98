package io.sharekeep.enclave.session;

import io.sharekeep.cbor.Parsed;
import io.sharekeep.enclave.CallerIdentity;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.SignatureKeys;
import io.sharekeep.enclave.policy.CommitteeDocument;
import io.sharekeep.enclave.policy.Judge;
import io.sharekeep.enclave.policy.PartyPolicy;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.IdentityKey;
import io.sharekeep.threshold.wire.IdentityPins;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.SessionContext;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The documents in force at this party, and what follows from them: who the parties are, how their
 * keys are pinned, what the policy says. Everything a peer claims is held against this.
 */
final class Books {
  private final PartyId self;
  private final String policyHash;
  private final Judge judge;
  private final Map<String, Entry> committees;

  /** A committee of ours. */
  record Entry(
      String hash,
      CommitteeDocument document,
      IdentityPins pins,
      List<SessionContext.Member> members) {
    Octets hashOctets() {
      return Octets.ofHex(hash);
    }

    List<EvaluationPoint> pointsOf(PartyId party) {
      return members.stream()
          .filter(member -> member.id().equals(party))
          .findFirst()
          .map(SessionContext.Member::points)
          .orElse(List.of());
    }
  }

  /**
   * @param committees by hash; this party is in each, under one and the same id
   */
  Books(PartyId self, Judge judge, String policyHash, Map<String, CommitteeDocument> committees) {
    this.self = self;
    this.policyHash = policyHash;
    this.judge = judge;
    this.committees = new HashMap<>();
    committees.forEach((hash, document) -> this.committees.put(hash, entry(hash, document)));
  }

  /** The same parties under another policy or other lists. */
  Books with(Judge newer, String hash) {
    return new Books(committees, self, newer, hash);
  }

  private Books(Map<String, Entry> committees, PartyId self, Judge judge, String policyHash) {
    this.self = self;
    this.policyHash = policyHash;
    this.judge = judge;
    this.committees = committees;
  }

  private static Entry entry(String hash, CommitteeDocument document) {
    var keys = new HashMap<PartyId, IdentityKey>();
    var members = new TreeMap<PartyId, SessionContext.Member>();
    for (var party : document.parties()) {
      var id = new PartyId(party.id());
      var key =
          switch (IdentityKey.parse(party.identity())) {
            case Parsed.Valid<IdentityKey>(var valid) -> valid;
            case Parsed.Malformed<IdentityKey> malformed ->
                throw new IllegalStateException("an accepted document holds a bad key");
          };
      keys.put(id, key);
      members.put(
          id,
          new SessionContext.Member(
              id,
              key.digest(),
              party.points().stream().sorted().map(EvaluationPoint::new).toList()));
    }
    return new Entry(hash, document, new IdentityPins(keys), List.copyOf(members.values()));
  }

  PartyId self() {
    return self;
  }

  String tenant() {
    return policy().tenant();
  }

  Judge judge() {
    return judge;
  }

  PartyPolicy policy() {
    return judge.policy();
  }

  /** Hex SHA-256 of the policy in force. */
  String policyHash() {
    return policyHash;
  }

  Optional<Entry> committee(String hash) {
    return Optional.ofNullable(committees.get(hash));
  }

  /** In no order. */
  Collection<Entry> committees() {
    return committees.values();
  }

  /** Who stands behind a TLS client key. */
  Optional<CallerIdentity> caller(byte[] spkiSha256) {
    return policy()
        .ownerOfPin(HexFormat.of().formatHex(spkiSha256))
        .map(name -> new CallerIdentity(name, policy().rolesOf(name)));
  }

  /** For the face. */
  Documents documents() {
    return new Documents(
        committees.values().stream()
            .map(entry ->
                new Documents.Committee(
                    entry.hash(),
                    entry.document().id(),
                    entry.document().threshold(),
                    entry.document().parties().stream()
                        .map(party ->
                            new Documents.Party(
                                party.id(),
                                party.name(),
                                party.url(),
                                SignatureKeys.pin(party.identity()),
                                party.tls(),
                                party.points()))
                        .toList()))
            .sorted(Comparator.comparing(Documents.Committee::id))
            .toList(),
        policyHash,
        policy().tenant());
  }
}
