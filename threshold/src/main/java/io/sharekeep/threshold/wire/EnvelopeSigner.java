package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.MemorySegment;

/**
 * Signs envelopes with the key that a certificate speaks for. The secret stays in the memory that
 * the caller lends, and the caller wipes it; it must outlive every session that uses this signer.
 */
public final class EnvelopeSigner {
  private final Primitives primitives;
  private final MemorySegment secret;
  private final EnvelopeCertificate certificate;

  /**
   * @param secret 64 bytes as {@link Primitives#ed25519KeyPair} wrote them, lent for the signer's
   *     life
   */
  public EnvelopeSigner(
      Primitives primitives, MemorySegment secret, EnvelopeCertificate certificate) {
    this.primitives = primitives;
    this.secret = secret.asReadOnly();
    this.certificate = certificate;
  }

  public EnvelopeCertificate certificate() {
    return certificate;
  }

  /**
   * @throws IllegalArgumentException when the envelope is from another party than the certificate's
   */
  public SignedEnvelope sign(Envelope envelope) {
    if (!envelope.from().equals(certificate.body().party())) {
      throw new IllegalArgumentException("this key signs for " + certificate.body().party());
    }
    var bytes = Octets.owned(envelope.encoded());
    var signature = primitives.ed25519Sign(secret, SignedEnvelope.toBeSigned(bytes));
    return new SignedEnvelope(bytes, envelope, Octets.owned(signature));
  }

  /**
   * Signs what this party reports about others, under a tag that no envelope has.
   *
   * @param report as it is encoded
   * @return Ed25519, 64 bytes
   */
  public Octets signReport(Octets report) {
    return Octets.owned(primitives.ed25519Sign(secret, SignedBlame.toBeSigned(report)));
  }
}
