package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.List;
import java.util.function.Function;

/** The WIRE profile, and the fields that many messages share. */
final class WireCodec {
  private WireCodec() {}

  static byte[] encode(Cbor item) {
    return CborEncoder.encode(CborProfile.WIRE, item);
  }

  static <T> Parsed<T> decode(byte[] input, int maxBytes, Function<CborFields, T> schema) {
    return CborDecoder.parse(CborProfile.WIRE, input, CborLimits.ofBytes(maxBytes), schema);
  }

  static Octets octets(CborFields fields, long key, int length) {
    return Octets.owned(fields.bytes(key, length));
  }

  static PartyId party(CborFields fields, long key) {
    return new PartyId(fields.uint32(key, 1, 65535));
  }

  static EvaluationPoint point(CborFields fields, long key) {
    return new EvaluationPoint(fields.uint32(key, 1, 65535));
  }

  static Cbor item(Octets octets) {
    return Cbor.bytes(octets.raw());
  }

  static Cbor item(PartyId party) {
    return Cbor.uint(party.value());
  }

  static Cbor item(EvaluationPoint point) {
    return Cbor.uint(point.x());
  }

  static <T extends Comparable<T>> boolean ascends(List<T> items) {
    for (int i = 1; i < items.size(); i++) {
      if (items.get(i - 1).compareTo(items.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }
}
