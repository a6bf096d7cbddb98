package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.List;

/**
 * Key generation, round 2, broadcast: what round 1 committed to, and the proof that its sender
 * knows the constant term.
 *
 * @param coefficients A_0 … of the dealer's polynomial; how many there must be is the protocol's
 *     check
 * @param chainCode 32 bytes
 * @param blind 32 bytes
 * @param proofCommitment R of the proof
 * @param proofResponse s of the proof
 */
public record DkgOpening(
    List<Element> coefficients,
    Octets chainCode,
    Octets blind,
    Element proofCommitment,
    PublicScalar proofResponse) {
  private static final int MAX_LENGTH = 16 * 1024;

  public DkgOpening {
    coefficients = List.copyOf(coefficients);
    chainCode.sized(32);
    blind.sized(32);
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(map ->
                map.put(
                        1,
                        Cbor.list(coefficients.stream().map(a -> Cbor.bytes(a.encoded())).toList()))
                    .put(2, chainCode.raw())
                    .put(3, blind.raw())
                    .put(4, proofCommitment.encoded())
                    .put(5, proofResponse.encoded()))));
  }

  /** Every element that is not a point of the group, or is the identity, makes it malformed. */
  public static Parsed<DkgOpening> decode(GroupId group, PublicOps ops, Octets payload) {
    return WireCodec.decode(payload.raw(), MAX_LENGTH, fields -> read(group, ops, fields));
  }

  private static DkgOpening read(GroupId group, PublicOps ops, CborFields fields) {
    int length = group.elementLength();
    return new DkgOpening(
        fields.byteStrings(1, 0, SessionContext.MAX_POINTS, length).stream()
            .map(a -> fields.require(ops.decode(a), 1, "holds what is no element"))
            .toList(),
        WireCodec.octets(fields, 2, 32),
        WireCodec.octets(fields, 3, 32),
        fields.require(ops.decode(fields.bytes(4, length)), 4, "is no element"),
        fields.require(ops.decodeScalar(fields.bytes(5, 32)), 5, "is no scalar"));
  }
}
