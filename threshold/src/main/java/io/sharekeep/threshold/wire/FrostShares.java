package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.List;

/**
 * FROST signing, round 2, broadcast: one signature share per message and own point.
 *
 * @param entries ascending by lane, then point, each once
 */
public record FrostShares(List<Entry> entries) {
  private static final int MAX_LENGTH = 32 * 1024;
  private static final int MAX_ENTRIES = 512;

  /**
   * @param lane which message of the batch, from 0
   * @param point of the sender
   * @param share z
   */
  public record Entry(int lane, EvaluationPoint point, PublicScalar share) {
    public Entry {
      if (lane < 0 || lane >= SessionContext.MAX_BATCH) {
        throw new IllegalArgumentException("a lane is 0..255");
      }
    }

    private Cbor item() {
      return Cbor.list(Cbor.uint(lane), WireCodec.item(point), Cbor.bytes(share.encoded()));
    }

    private static Entry read(PublicOps ops, CborFields fields) {
      return new Entry(
          fields.uint32(0, 0, SessionContext.MAX_BATCH - 1),
          WireCodec.point(fields, 1),
          fields.require(ops.decodeScalar(fields.bytes(2, 32)), 2, "is no scalar"));
    }
  }

  /**
   * @throws IllegalArgumentException when the entries do not ascend or are too many
   */
  public FrostShares {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES || !ascend(entries)) {
      throw new IllegalArgumentException("1..512 entries ascend by lane and point");
    }
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(map -> map.put(1, Cbor.list(entries.stream().map(Entry::item).toList())))));
  }

  public static Parsed<FrostShares> decode(PublicOps ops, Octets payload) {
    return WireCodec.decode(
        payload.raw(),
        MAX_LENGTH,
        fields -> {
          var entries = fields.list(1, 1, MAX_ENTRIES, f -> Entry.read(ops, f));
          fields.require(ascend(entries), 1, "does not ascend");
          return new FrostShares(entries);
        });
  }

  private static boolean ascend(List<Entry> entries) {
    return WireCodec.ascends(
        entries.stream().map(entry -> entry.lane() << 16 | entry.point().x()).toList());
  }
}
