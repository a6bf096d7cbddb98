package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription.Stage;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.Scheme;
import io.sharekeep.enclave.store.KeyRecords.SealRow;
import io.sharekeep.enclave.vault.KeyRecord;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Committee;
import io.sharekeep.threshold.keygen.GeneratedKey;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Suite;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A key record with its public part decoded, so that no signature decodes it again.
 *
 * @param generated what all parties of the key agree on
 */
record HeldKey(KeyRecord record, GeneratedKey generated) {
  /**
   * Decodes.
   *
   * @throws IllegalStateException if an element of the record is none: the row was altered
   */
  static HeldKey of(KeyRecord record, Group group) {
    var metadata = record.metadata();
    var points = new TreeMap<PartyId, List<EvaluationPoint>>();
    metadata
        .owners()
        .forEach(
            (point, owner) -> points.computeIfAbsent(owner, _ -> new ArrayList<>()).add(point));
    var shares = new TreeMap<EvaluationPoint, Element>();
    metadata.publicShares().forEach((point, bytes) -> shares.put(point, element(group, bytes)));
    return new HeldKey(
        record,
        new GeneratedKey(
            suite(metadata.scheme()),
            Octets.of(record.id().bytes()),
            Octets.of(record.session()),
            record.epoch(),
            new Committee(metadata.threshold(), points),
            element(group, metadata.publicKey()),
            shares,
            Octets.of(metadata.chainCode()),
            Octets.of(metadata.coefficientsDigest())));
  }

  private static Element element(Group group, byte[] bytes) {
    return group
        .publicOps()
        .decode(bytes)
        .orElseThrow(() -> new IllegalStateException("a key record holds no element"));
  }

  static Suite suite(Scheme scheme) {
    return switch (scheme) {
      case FROST_ED25519 -> Suite.FROST_ED25519;
      case FROST_SECP256K1_TR -> Suite.FROST_SECP256K1_TR;
      case DKLS23_SECP256K1 -> Suite.DKLS23_SECP256K1;
    };
  }

  /** The same key, further on. */
  HeldKey at(Stage stage) {
    return new HeldKey(record.at(stage), generated);
  }

  /** The same key, sealed anew. */
  HeldKey resealed(List<SealRow> added, Set<String> removed) {
    return new HeldKey(record.resealed(added, removed), generated);
  }

  KeyId id() {
    return record.id();
  }

  long epoch() {
    return record.epoch();
  }

  Stage stage() {
    return record.stage();
  }

  Scheme scheme() {
    return record.metadata().scheme();
  }

  GroupId group() {
    return record.metadata().group();
  }

  /** Hex hash of the committee document. */
  String committee() {
    return HexFormat.of().formatHex(record.metadata().committee());
  }

  int threshold() {
    return record.metadata().threshold();
  }

  Element publicKey() {
    return generated.publicKey();
  }

  SortedMap<EvaluationPoint, Element> verificationShares() {
    return generated.verificationShares();
  }

  /** For the face: evaluation point → party. */
  Map<Integer, Integer> owners() {
    var owners = new TreeMap<Integer, Integer>();
    record.metadata().owners().forEach((point, party) -> owners.put(point.x(), party.value()));
    return owners;
  }

  byte[] session() {
    return record.session();
  }

  /** What this party certifies. */
  Octets certified() {
    return generated.certificate().certified();
  }
}
