package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import java.util.List;

/** Key generation, round 3, broadcast. Without complaints the list is empty. */
public record DkgComplaints(List<Complaint> complaints) {
  /** The message of who has none. */
  public static final Octets NONE = new DkgComplaints(List.of()).encoded();

  private static final int MAX_LENGTH = 4 * 1024;

  /**
   * The share of one point is not on its dealer's polynomial, or could not be opened. Everybody can
   * check it: the sealed bytes are in the dealer's broadcast, and the key opens them and nothing
   * else.
   *
   * @param dealer who dealt it
   * @param point the complaining party's own
   * @param key 32 bytes: the key of what that dealer sealed to the complaining party
   */
  public record Complaint(PartyId dealer, EvaluationPoint point, Octets key) {
    public Complaint {
      key.sized(32);
    }

    private Cbor item() {
      return Cbor.list(WireCodec.item(dealer), WireCodec.item(point), WireCodec.item(key));
    }

    private static Complaint read(CborFields fields) {
      return new Complaint(
          WireCodec.party(fields, 0), WireCodec.point(fields, 1), WireCodec.octets(fields, 2, 32));
    }
  }

  public DkgComplaints {
    complaints = List.copyOf(complaints);
  }

  public Octets encoded() {
    return Octets.owned(
        WireCodec.encode(
            Cbor.map(
                map -> map.put(1, Cbor.list(complaints.stream().map(Complaint::item).toList())))));
  }

  public static Parsed<DkgComplaints> decode(Octets payload) {
    return WireCodec.decode(
        payload.raw(),
        MAX_LENGTH,
        fields ->
            new DkgComplaints(fields.list(1, 0, SessionContext.MAX_PARTIES, Complaint::read)));
  }
}
