package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import java.util.List;

/**
 * FROST signing, round 1, broadcast: one pair of commitments per message and own point.
 *
 * @param bootId 16 bytes: nonces die with the process that made them
 * @param entries ascending by lane, then point, each once
 */
public record FrostNonces(Octets bootId, List<Entry> entries) {
  private static final int MAX_LENGTH = 48 * 1024;
  private static final int MAX_ENTRIES = 512;

  /**
   * @param lane which message of the batch, from 0
   * @param point of the sender
   * @param nonceId the sender's name for this pair, never used again
   * @param hiding D
   * @param binding E
   */
  public record Entry(
      int lane, EvaluationPoint point, long nonceId, Element hiding, Element binding) {
    public Entry {
      if (lane < 0 || lane >= SessionContext.MAX_BATCH || nonceId < 0) {
        throw new IllegalArgumentException("a lane is 0..255, a nonce id not negative");
      }
    }

    private Cbor item() {
      return Cbor.list(
          Cbor.uint(lane),
          WireCodec.item(point),
          Cbor.uint(nonceId),
          Cbor.bytes(hiding.encoded()),
          Cbor.bytes(binding.encoded()));
    }

    private static Entry read(GroupId group, PublicOps ops, CborFields fields) {
      int length = group.elementLength();
      return new Entry(
          fields.uint32(0, 0, SessionContext.MAX_BATCH - 1),
          WireCodec.point(fields, 1),
          fields.uint(2),
          fields.require(ops.decode(fields.bytes(3, length)), 3, "is no element"),
          fields.require(ops.decode(fields.bytes(4, length)), 4, "is no element"));
    }
  }

  /**
   * @throws IllegalArgumentException when the entries do not ascend or are too many
   */
  public FrostNonces {
    bootId.sized(16);
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES || !ascend(entries)) {
      throw new IllegalArgumentException("1..512 entries ascend by lane and point");
    }
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(map ->
                map.put(1, bootId.raw())
                    .put(2, Cbor.list(entries.stream().map(Entry::item).toList())))));
  }

  public static Parsed<FrostNonces> decode(GroupId group, PublicOps ops, Octets payload) {
    return WireCodec.decode(
        payload.raw(),
        MAX_LENGTH,
        fields -> {
          var bootId = WireCodec.octets(fields, 1, 16);
          var entries = fields.list(2, 1, MAX_ENTRIES, f -> Entry.read(group, ops, f));
          fields.require(ascend(entries), 2, "does not ascend");
          return new FrostNonces(bootId, entries);
        });
  }

  private static boolean ascend(List<Entry> entries) {
    return WireCodec.ascends(
        entries.stream().map(entry -> entry.lane() << 16 | entry.point().x()).toList());
  }
}
