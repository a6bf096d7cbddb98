package io.sharekeep.enclave.session;

import io.sharekeep.enclave.vault.KeyMetadata;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.Secret;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.keygen.Certifiable;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the pending record of a new key: what everybody knows of it, and the own shares sealed. */
final class Pending {
  private Pending() {}

  static HeldKey seal(
      Desk desk, KeyOrder order, Certifiable certifiable, PartyId self, Scratch scratch) {
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
                  desk.clock().instant());
      return new HeldKey(record, key);
    } finally {
      shares.values().forEach(Secret::close);
    }
  }
}
