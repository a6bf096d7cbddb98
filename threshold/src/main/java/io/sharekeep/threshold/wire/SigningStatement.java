package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.threshold.EvaluationPoint;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What FROST shares were made for, in the accuser's words: the messages of a session do not say it,
 * since every party derives it from the request by itself.
 *
 * @param lanes one for each signature of the session
 * @param verificationShares Y of every point that signs, encoded, as stored
 */
public record SigningStatement(
    List<Lane> lanes, SortedMap<EvaluationPoint, Octets> verificationShares) {
  /** Bytes of a message: a digest, or a whole transaction of Solana. */
  private static final int MAX_MESSAGE = 128 * 1024;

  /**
   * @param message what is signed
   * @param key what the signature verifies under, encoded
   * @param negated whether the stored key counts negated, for Taproot
   * @param offset what is added to every share, 32 bytes
   */
  public record Lane(Octets message, Octets key, boolean negated, Octets offset) {
    public Lane {
      offset.sized(32);
    }

    private Cbor item() {
      return Cbor.list(
          WireCodec.item(message), WireCodec.item(key), Cbor.bool(negated), WireCodec.item(offset));
    }

    private static Lane read(CborFields fields) {
      return new Lane(
          Octets.owned(fields.bytes(0, 0, MAX_MESSAGE)),
          Octets.owned(fields.bytes(1, 32, 33)),
          fields.bool(2),
          WireCodec.octets(fields, 3, 32));
    }
  }

  private record Share(EvaluationPoint point, Octets share) {
    private static Share read(CborFields fields) {
      return new Share(WireCodec.point(fields, 0), Octets.owned(fields.bytes(1, 32, 33)));
    }
  }

  public SigningStatement {
    lanes = List.copyOf(lanes);
    verificationShares = Collections.unmodifiableSortedMap(new TreeMap<>(verificationShares));
  }

  Cbor item() {
    return Cbor.list(
        Cbor.list(lanes.stream().map(Lane::item).toList()),
        Cbor.list(
            verificationShares.entrySet().stream()
                .map(entry ->
                    Cbor.list(WireCodec.item(entry.getKey()), WireCodec.item(entry.getValue())))
                .toList()));
  }

  static SigningStatement read(CborFields fields) {
    var lanes = fields.list(0, 1, SessionContext.MAX_BATCH, Lane::read);
    var shares = fields.list(1, 1, SessionContext.MAX_POINTS, Share::read);
    fields.require(
        WireCodec.ascends(shares.stream().map(Share::point).toList()), 1, "does not ascend");
    var byPoint = new TreeMap<EvaluationPoint, Octets>();
    shares.forEach(share -> byPoint.put(share.point(), share.share()));
    return new SigningStatement(lanes, byPoint);
  }
}
