package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.PartyId;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The word of an identity key for a short-lived Ed25519 envelope key (protocols.md, section 7.2).
 *
 * @param encodedBody the signed bytes, as received
 * @param body what they say
 * @param signature ECDSA P-256, r ‖ s, 64 bytes
 */
public record EnvelopeCertificate(Octets encodedBody, Body body, Octets signature) {
  /** The longest life that a receiver accepts, in seconds. */
  public static final long MAX_LIFE = 3600;

  /** The signer sets {@code notBefore} this far back, so that receivers need no tolerance. */
  public static final long BACKDATING = 30;

  /** How far above the highest serial seen a new one may lie. */
  public static final long MAX_SERIAL_JUMP = 1L << 32;

  private static final int VERSION = 1;
  private static final int MAX_BODY = 256;

  public EnvelopeCertificate {
    signature.sized(IdentityKey.SIGNATURE_LENGTH);
  }

  /**
   * @param identityKey 32 bytes: digest of the key that signs this
   * @param envelopeKey 32 bytes: Ed25519
   * @param bootId 16 bytes: a new one at every start of the process
   * @param notBefore in seconds since 1970
   * @param notAfter in seconds since 1970
   * @param serial durable at the signer, one higher each time
   * @param logKey 32 bytes: digest of the key that signs the party's log checkpoints
   */
  public record Body(
      PartyId party,
      Octets identityKey,
      Octets envelopeKey,
      Octets bootId,
      long notBefore,
      long notAfter,
      long serial,
      Octets logKey) {
    public Body {
      identityKey.sized(32);
      envelopeKey.sized(32);
      bootId.sized(16);
      logKey.sized(32);
      if (notBefore < 0 || notAfter < 0 || serial < 0) {
        throw new IllegalArgumentException("times and serial are not negative");
      }
    }

    byte[] encoded() {
      return WireCodec.encode(
          Cbor.map(map ->
              map.put(1, VERSION)
                  .put(2, party.value())
                  .put(3, identityKey.raw())
                  .put(4, envelopeKey.raw())
                  .put(5, bootId.raw())
                  .put(6, notBefore)
                  .put(7, notAfter)
                  .put(8, serial)
                  .put(9, logKey.raw())));
    }

    private static Body read(CborFields fields) {
      fields.uint(1, VERSION, VERSION);
      return new Body(
          WireCodec.party(fields, 2),
          WireCodec.octets(fields, 3, 32),
          WireCodec.octets(fields, 4, 32),
          WireCodec.octets(fields, 5, 16),
          fields.uint(6),
          fields.uint(7),
          fields.uint(8),
          WireCodec.octets(fields, 9, 32));
    }
  }

  /**
   * Has a body certified.
   *
   * @param identity signs the bytes it is given (ECDSA over their SHA-256) and answers r ‖ s; what
   *     it is given begins with the tag of certificates
   */
  public static EnvelopeCertificate issue(Body body, UnaryOperator<byte[]> identity) {
    var encoded = body.encoded();
    var signature = identity.apply(Tag.ENVELOPE_CERTIFICATE.toBeSigned(encoded));
    return new EnvelopeCertificate(Octets.owned(encoded), body, Octets.of(signature));
  }

  /** Its hash, by which receivers remember that they have verified it. */
  public Octets hash() {
    return TaggedHash.of(Tag.ENVELOPE_CERTIFICATE).octets(encodedBody).octets(signature).digest();
  }

  public boolean verifies(IdentityKey identity) {
    return identity.verifies(
        Tag.ENVELOPE_CERTIFICATE.toBeSigned(encodedBody.raw()), signature.raw());
  }

  /**
   * Why a new session may not rely on it, by everything but its signature.
   *
   * @param now in seconds since 1970
   * @param highestSerial the highest serial ever accepted from this party, 0 at first
   */
  public Optional<DropReason> defect(PartyId from, IdentityKey pin, long now, long highestSerial) {
    if (!body.party.equals(from) || !body.identityKey.equals(pin.digest())) {
      return Optional.of(DropReason.CERTIFICATE_FOREIGN);
    }
    if (body.notBefore > now) {
      return Optional.of(DropReason.CERTIFICATE_FUTURE);
    }
    if (body.notAfter < now) {
      return Optional.of(DropReason.CERTIFICATE_EXPIRED);
    }
    if (body.notAfter - body.notBefore > MAX_LIFE) {
      return Optional.of(DropReason.CERTIFICATE_LIFE);
    }
    if (body.serial < highestSerial || body.serial - highestSerial > MAX_SERIAL_JUMP) {
      return Optional.of(DropReason.CERTIFICATE_SERIAL);
    }
    return Optional.empty();
  }

  /** Field 13 of an envelope. */
  Cbor item() {
    return Cbor.list(WireCodec.item(encodedBody), WireCodec.item(signature));
  }

  static EnvelopeCertificate read(CborFields fields) {
    var encoded = fields.bytes(0, 1, MAX_BODY);
    var signature = WireCodec.octets(fields, 1, IdentityKey.SIGNATURE_LENGTH);
    var body = WireCodec.decode(encoded, MAX_BODY, Body::read);
    return new EnvelopeCertificate(
        Octets.owned(encoded),
        fields.require(body.valid(), 0, "is not the body of a certificate"),
        signature);
  }

  /** Of the bytes that {@link #encoded} made. */
  public static Parsed<EnvelopeCertificate> decode(byte[] encoding) {
    return WireCodec.decode(encoding, 2 * MAX_BODY, EnvelopeCertificate::read);
  }

  public byte[] encoded() {
    return WireCodec.encode(item());
  }
}
