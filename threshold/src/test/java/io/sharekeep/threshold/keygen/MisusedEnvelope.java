package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.Envelope;
import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Protocol;
import io.sharekeep.threshold.wire.SignedEnvelope;
import io.sharekeep.threshold.wire.Suite;
import java.util.Arrays;
import java.util.Optional;

/** Ways to spoil the envelope of a message, field by field, signed again by its sender. */
public enum MisusedEnvelope {
  ANOTHER_PROTOCOL,
  ANOTHER_SUITE,
  ANOTHER_KEY,
  ANOTHER_EPOCH,
  ANOTHER_SESSION,
  ANOTHER_ROUND,
  ANOTHER_SENDER,
  AN_UNKNOWN_SENDER,
  TO_ONE_PARTY,
  WITH_OR_WITHOUT_A_VIEW,
  ANOTHER_EXPIRY,
  WITH_OR_WITHOUT_A_CERTIFICATE,
  ANOTHER_SIGNATURE,
  TOO_SHORT,
  TOO_LONG;

  public byte[] of(SignedEnvelope honest, TestParty sender, PartyId recipient) {
    var e = honest.envelope();
    var signer = sender.signer;
    return switch (this) {
      case ANOTHER_PROTOCOL ->
          signer.sign(Change.of(e).protocol(other(e.protocol())).made()).encoded();
      case ANOTHER_SUITE -> signer.sign(Change.of(e).suite(Suite.FROST_SECP256K1).made()).encoded();
      case ANOTHER_KEY -> signer.sign(Change.of(e).keyId(bytes(16)).made()).encoded();
      case ANOTHER_EPOCH -> signer.sign(Change.of(e).epoch(e.epoch() + 1).made()).encoded();
      case ANOTHER_SESSION -> signer.sign(Change.of(e).session(bytes(32)).made()).encoded();
      case ANOTHER_ROUND -> signer.sign(Change.of(e).round(e.round() + 1).made()).encoded();
      case ANOTHER_SENDER -> as(sender, e, other(e, recipient));
      case AN_UNKNOWN_SENDER -> as(sender, e, new PartyId(77));
      case TO_ONE_PARTY -> signer.sign(Change.of(e).to(Optional.of(recipient)).made()).encoded();
      case WITH_OR_WITHOUT_A_VIEW ->
          signer
              .sign(
                  Change.of(e)
                      .view(e.view().isPresent() ? Optional.empty() : Optional.of(bytes(32)))
                      .made())
              .encoded();
      case ANOTHER_EXPIRY -> signer.sign(Change.of(e).expiry(e.expiry() + 1).made()).encoded();
      case WITH_OR_WITHOUT_A_CERTIFICATE ->
          signer
              .sign(
                  Change.of(e)
                      .certificate(
                          e.certificate().isPresent()
                              ? Optional.empty()
                              : Optional.of(signer.certificate()))
                      .checkpoint(Optional.empty())
                      .made())
              .encoded();
      case ANOTHER_SIGNATURE -> {
        var other = signer.sign(Altered.payload(e, bytes(32)));
        yield new SignedEnvelope(other.bytes(), other.envelope(), honest.signature()).encoded();
      }
      case TOO_SHORT -> Arrays.copyOf(honest.encoded(), honest.encoded().length - 1);
      case TOO_LONG -> Arrays.copyOf(honest.encoded(), honest.encoded().length + 1);
    };
  }

  /**
   * The same words in that name, in a first message with a certificate in that name that only the
   * sender's own identity key has signed.
   */
  public static byte[] as(TestParty sender, Envelope envelope, PartyId name) {
    var signer = sender.impersonating(name);
    return signer
        .sign(
            Change.of(envelope)
                .from(name)
                .certificate(envelope.certificate().map(_ -> signer.certificate()))
                .made())
        .encoded();
  }

  private static Protocol other(Protocol protocol) {
    return protocol == Protocol.DKG ? Protocol.FROST_SIGN : Protocol.DKG;
  }

  /** Neither the true sender nor who gets it: the third. */
  private static PartyId other(Envelope envelope, PartyId recipient) {
    for (int id = 1; id <= 3; id++) {
      if (id != envelope.from().value() && id != recipient.value()) {
        return new PartyId(id);
      }
    }
    throw new AssertionError("there are three parties");
  }

  private static Octets bytes(int length) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0x5a);
    return Octets.of(bytes);
  }
}
