package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.CborMap;
import io.sharekeep.threshold.PartyId;
import java.util.Optional;

/**
 * One message of one party in one round (protocols.md, section 7.3).
 *
 * @param keyId 16 bytes
 * @param session 32 bytes: the session id, or the context hash while that is not known
 * @param round 1..255
 * @param to one party, or empty for a broadcast
 * @param view 32 bytes: what the sender saw in the previous broadcast round; absent in round 1, and
 *     where the session id fixes it
 * @param payload canonical CBOR, or sealed if {@code to} is present
 * @param expiry in seconds since 1970
 * @param certificate in a party's first message of a session only
 * @param checkpoint the sender's newest signed log checkpoint, at most 512 bytes; with the
 *     certificate only
 */
public record Envelope(
    Protocol protocol,
    Suite suite,
    Octets keyId,
    long epoch,
    Octets session,
    int round,
    PartyId from,
    Optional<PartyId> to,
    Optional<Octets> view,
    Octets payload,
    long expiry,
    Optional<EnvelopeCertificate> certificate,
    Optional<Octets> checkpoint) {

  /** Bytes of a whole signed envelope: nothing of key generation or FROST is near it. */
  public static final int MAX_LENGTH = 64 * 1024;

  public static final int MAX_CHECKPOINT = 512;
  private static final int VERSION = 1;

  public Envelope {
    keyId.sized(16);
    session.sized(32);
    view.ifPresent(octets -> octets.sized(32));
    if (round < 1 || round > 255 || epoch < 0 || expiry < 0) {
      throw new IllegalArgumentException("an integer of the envelope is out of range");
    }
    if (checkpoint.isPresent()
        && (certificate.isEmpty() || checkpoint.get().length() > MAX_CHECKPOINT)) {
      throw new IllegalArgumentException("a checkpoint of 1..512 bytes goes with a certificate");
    }
  }

  byte[] encoded() {
    return WireCodec.encode(
        Cbor.map(map -> {
          header(map);
          map.put(11, payload.raw());
          certificate.ifPresent(body -> map.put(13, body.item()));
          checkpoint.ifPresent(octets -> map.put(14, octets.raw()));
        }));
  }

  /** Fields 1–10 and 12 as encoded: what sealing authenticates beside the payload. */
  public byte[] associatedData() {
    return WireCodec.encode(Cbor.map(this::header));
  }

  private void header(CborMap map) {
    map.put(1, VERSION)
        .put(2, suite.number())
        .put(3, type())
        .put(4, keyId.raw())
        .put(5, epoch)
        .put(6, session.raw())
        .put(7, round)
        .put(8, from.value())
        .put(9, to.map(PartyId::value).orElse(0))
        .put(12, expiry);
    view.ifPresent(octets -> map.put(10, octets.raw()));
  }

  private int type() {
    return protocol.number() << 8 | round;
  }

  static Envelope read(CborFields fields) {
    fields.uint(1, VERSION, VERSION);
    var suite = fields.require(Suite.of(fields.uint(2)), 2, "is no suite in use");
    int type = fields.uint32(3, 0, 0xffff);
    var protocol = fields.require(Protocol.of(type >> 8), 3, "is no protocol in use");
    int round = fields.uint32(7, 1, 255);
    fields.require((type & 0xff) == round, 3, "names another round");
    int to = fields.uint32(9, 0, 65535);
    var certificate = fields.optional(13, f -> f.nested(13, EnvelopeCertificate::read));
    var checkpoint = fields.optional(14, f -> Octets.owned(f.bytes(14, 1, MAX_CHECKPOINT)));
    fields.require(
        certificate.isPresent() || checkpoint.isEmpty(), 14, "goes with a certificate only");
    return new Envelope(
        protocol,
        suite,
        WireCodec.octets(fields, 4, 16),
        fields.uint(5),
        WireCodec.octets(fields, 6, 32),
        round,
        WireCodec.party(fields, 8),
        to == 0 ? Optional.empty() : Optional.of(new PartyId(to)),
        fields.optional(10, f -> WireCodec.octets(f, 10, 32)),
        Octets.owned(fields.bytes(11, 1, MAX_LENGTH)),
        fields.uint(12),
        certificate,
        checkpoint);
  }
}
