package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import java.util.List;
import java.util.Optional;

/**
 * Key generation, round 2, broadcast: what round 1 committed to, the proof that its sender knows
 * the constant term, and every other party's shares, sealed to it. One signature covers all of it,
 * and the view of round 2 makes sure that all have the same sealed bytes before their eyes, should
 * one of them complain.
 *
 * @param coefficients A_0 … of the dealer's polynomial; how many there must be is the protocol's
 *     check
 * @param chainCode 32 bytes
 * @param blind 32 bytes
 * @param proofCommitment R of the proof as it was sent: whether it is an element shows when the
 *     proof is checked, which computes it
 * @param proofResponse s of the proof
 * @param sealed what each other party alone can open, ascending by party; for whom there must be
 *     one is the protocol's check
 */
public record DkgOpening(
    List<Element> coefficients,
    Octets chainCode,
    Octets blind,
    Octets proofCommitment,
    PublicScalar proofResponse,
    List<Sealed> sealed) {
  private static final int MAX_LENGTH = 48 * 1024;
  private static final int MAX_SEALED = 16 * 1024;

  /** The shares of one party, as {@link Sealing} sealed them: frame, scalars and tag. */
  public record Sealed(PartyId to, Octets payload) {
    private Cbor item() {
      return Cbor.list(WireCodec.item(to), WireCodec.item(payload));
    }

    private static Sealed read(CborFields fields) {
      return new Sealed(WireCodec.party(fields, 0), Octets.owned(fields.bytes(1, 1, MAX_SEALED)));
    }
  }

  /**
   * @throws IllegalArgumentException when the sealed shares do not ascend by party
   */
  public DkgOpening {
    coefficients = List.copyOf(coefficients);
    chainCode.sized(32);
    blind.sized(32);
    sealed = List.copyOf(sealed);
    if (!ascends(sealed)) {
      throw new IllegalArgumentException("sealed shares ascend by party");
    }
  }

  /** What was sealed to a party, if anything was. */
  public Optional<Octets> sealedTo(PartyId party) {
    return sealed.stream().filter(each -> each.to.equals(party)).map(Sealed::payload).findFirst();
  }

  /** For whom something was sealed, ascending. */
  public List<PartyId> recipients() {
    return sealed.stream().map(Sealed::to).toList();
  }

  private static boolean ascends(List<Sealed> sealed) {
    return WireCodec.ascends(sealed.stream().map(each -> each.to.value()).toList());
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
                    .put(4, proofCommitment.raw())
                    .put(5, proofResponse.encoded())
                    .put(6, Cbor.list(sealed.stream().map(Sealed::item).toList())))));
  }

  /** A coefficient that is not a point of the group, or is the identity, makes it malformed. */
  public static Parsed<DkgOpening> decode(GroupId group, PublicOps ops, Octets payload) {
    return WireCodec.decode(payload.raw(), MAX_LENGTH, fields -> read(group, ops, fields));
  }

  private static DkgOpening read(GroupId group, PublicOps ops, CborFields fields) {
    int length = group.elementLength();
    var sealed = fields.list(6, 0, SessionContext.MAX_PARTIES, Sealed::read);
    fields.require(ascends(sealed), 6, "does not ascend");
    return new DkgOpening(
        fields.byteStrings(1, 0, SessionContext.MAX_POINTS, length).stream()
            .map(a -> fields.require(ops.decode(a), 1, "holds what is no element"))
            .toList(),
        WireCodec.octets(fields, 2, 32),
        WireCodec.octets(fields, 3, 32),
        WireCodec.octets(fields, 4, length),
        fields.require(ops.decodeScalar(fields.bytes(5, 32)), 5, "is no scalar"),
        sealed);
  }
}
