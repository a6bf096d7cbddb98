package io.sharekeep.threshold.wire;

import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborFields;
import io.sharekeep.cbor.Parsed;
import io.sharekeep.threshold.group.Ed25519Verifier;

/**
 * A report with the accuser's signature, by the envelope key that the certificate speaks for.
 *
 * @param bytes the encoded report: what the signature covers, as it came
 * @param report what it says
 * @param certificate of the accuser's envelope key
 * @param signature Ed25519, 64 bytes
 */
public record SignedBlame(
    Octets bytes, BlameReport report, EnvelopeCertificate certificate, Octets signature) {
  /** Bytes of an encoded one. */
  public static final int MAX_LENGTH = BlameReport.MAX_LENGTH + 1024;

  public SignedBlame {
    signature.sized(64);
  }

  public byte[] encoded() {
    return WireCodec.encode(
        Cbor.list(WireCodec.item(bytes), certificate.item(), WireCodec.item(signature)));
  }

  /** Checks nothing but the form. */
  public static Parsed<SignedBlame> decode(byte[] encoding) {
    return WireCodec.decode(encoding, MAX_LENGTH, SignedBlame::read);
  }

  private static SignedBlame read(CborFields fields) {
    var bytes = fields.bytes(0, 1, BlameReport.MAX_LENGTH);
    var certificate = fields.nested(1, EnvelopeCertificate::read);
    var signature = WireCodec.octets(fields, 2, 64);
    return new SignedBlame(
        Octets.owned(bytes),
        fields.require(BlameReport.decode(bytes).valid(), 0, "is no report"),
        certificate,
        signature);
  }

  /** Whether the envelope key of that verifier signed the report. */
  public boolean verifies(Ed25519Verifier envelopeKey) {
    return envelopeKey.verifies(toBeSigned(bytes), signature.raw());
  }

  static byte[] toBeSigned(Octets report) {
    return Tag.BLAME.toBeSigned(TaggedHash.of(Tag.BLAME).octets(report).full());
  }
}
