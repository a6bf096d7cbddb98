package io.sharekeep.enclave.session;

import io.sharekeep.enclave.store.PairRows;
import io.sharekeep.enclave.store.PairRows.PairRow;
import io.sharekeep.enclave.store.PairRows.PairStatus;
import io.sharekeep.enclave.vault.KeyMetadata;
import io.sharekeep.enclave.vault.KeyRecord;
import io.sharekeep.enclave.vault.PairVault;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Certifiable;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the pending record of a new key: what everybody knows of it, the own shares sealed, and for
 * an ECDSA key what is shared with each other party.
 *
 * @param pairs one for each other party where the scheme has them
 */
record Pending(HeldKey key, List<PairRow> pairs) {
  private static final int PAIR_KEY = 32;

  static Pending seal(
      Desk desk,
      KeyOrder order,
      Certifiable certifiable,
      PartyId self,
      Scratch scratch,
      Randomness random) {
    var key = certifiable.key();
    var owners = key.committee().owners();
    var own = new TreeSet<>(key.committee().pointsOf(self));
    var publicShares = new TreeMap<EvaluationPoint, byte[]>();
    key.verificationShares().forEach((point, y) -> publicShares.put(point, y.encoded()));
    var metadata =
        new KeyMetadata(
            order.request().scheme(),
            order.request().label(),
            new TreeSet<>(order.request().purposes()),
            HexFormat.of().parseHex(order.committee().hash()),
            key.committee().threshold(),
            owners,
            own,
            key.publicKey().encoded(),
            publicShares,
            key.chainCode().toArray(),
            key.coefficientsDigest().toArray());
    var shares = new TreeMap<EvaluationPoint, Secret>();
    var pairKey =
        metadata.hasPairs()
            ? Optional.of(Secret.written(scratch, PAIR_KEY, random::fill))
            : Optional.<Secret>empty();
    try {
      certifiable.lend(bytes -> {
        long at = 0;
        for (var point : own) {
          var share = bytes.asSlice(at, GroupId.SCALAR_LENGTH);
          shares.put(
              point,
              Secret.written(scratch, GroupId.SCALAR_LENGTH, place -> place.copyFrom(share)));
          at += GroupId.SCALAR_LENGTH;
        }
        return at;
      });
      var record =
          desk.vault()
              .seal(
                  order.request().keyId(),
                  key.epoch(),
                  key.session().toArray(),
                  metadata,
                  scratch,
                  shares,
                  pairKey,
                  desk.clock().instant());
      var pairs = new ArrayList<PairRow>();
      pairKey.ifPresent(under ->
          certifiable
              .pairs()
              .forEach(peer -> pairs.add(pair(desk, record, certifiable, peer, under, scratch))));
      return new Pending(new HeldKey(record, key), List.copyOf(pairs));
    } finally {
      shares.values().forEach(Secret::close);
      pairKey.ifPresent(Secret::close);
    }
  }

  private static PairRow pair(
      Desk desk,
      KeyRecord record,
      Certifiable certifiable,
      PartyId peer,
      Secret pairKey,
      Scratch scratch) {
    var pair = new PairVault.Pair(record.id(), record.epoch(), peer, 0, record.session());
    byte[] sealed =
        certifiable.lendPair(
            peer, secrets -> desk.pairVault().seal(pairKey, pair, scratch, secrets));
    return new PairRow(
        new PairStatus(record.id(), record.epoch(), peer.value(), 0, PairRows.State.ACTIVE, 0),
        record.session(),
        sealed);
  }
}
