package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.group.Ed25519Verifier;

/**
 * An envelope with its sender's signature. The signature covers the bytes as they came; nothing is
 * ever encoded again.
 *
 * @param bytes the encoded envelope
 * @param envelope what it says
 * @param signature Ed25519, 64 bytes
 */
public record SignedEnvelope(Octets bytes, Envelope envelope, Octets signature) {
  public SignedEnvelope {
    signature.sized(64);
  }

  /** Canonical CBOR: what travels. */
  public byte[] encoded() {
    return WireCodec.encode(item());
  }

  Cbor item() {
    return Cbor.list(WireCodec.item(bytes), WireCodec.item(signature));
  }

  /** Checks nothing but the form. */
  public static Parsed<SignedEnvelope> decode(byte[] encoding) {
    return WireCodec.decode(encoding, Envelope.MAX_LENGTH, SignedEnvelope::read);
  }

  static SignedEnvelope read(CborFields fields) {
    var bytes = fields.bytes(0, 1, Envelope.MAX_LENGTH);
    var signature = WireCodec.octets(fields, 1, 64);
    var envelope = WireCodec.decode(bytes, Envelope.MAX_LENGTH, Envelope::read);
    return new SignedEnvelope(
        Octets.owned(bytes), fields.require(envelope.valid(), 0, "is not an envelope"), signature);
  }

  /** H32 of the envelope, by which views and sealing name it. */
  public Octets hash() {
    return TaggedHash.of(Tag.ENVELOPE_BODY).octets(bytes).digest();
  }

  /** Whether the envelope key of that verifier signed the bytes. */
  public boolean verifies(Ed25519Verifier envelopeKey) {
    return envelopeKey.verifies(toBeSigned(bytes), signature.raw());
  }

  static byte[] toBeSigned(Octets bytes) {
    return Tag.ENVELOPE.toBeSigned(TaggedHash.of(Tag.ENVELOPE_BODY).octets(bytes).full());
  }
}
