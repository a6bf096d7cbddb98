package io.sharekeep.attestation.hsm;

import java.util.Optional;

/**
 * Which bytes of a vendor's own device a verifier has been run on. Bytes that we made ourselves
 * test a parser, not a vendor: without a sample a verifier can never yield {@link
 * Assurance#VENDOR_SIGNED}. In this release no kind has one.
 */
final class Sample {
  private Sample() {}

  /** Where the sample was published and which test reads it. */
  static Optional<String> of(HsmKind kind) {
    return switch (kind) {
      case NONE, SOFTWARE -> Optional.empty();
      case YUBIHSM2, PKIX_EVIDENCE -> Optional.empty();
      case LUNA_PKC, NSHIELD_KLF2, MARVELL, PRIMUS, CVC -> Optional.empty();
    };
  }

  /** What evidence of this kind may amount to at most. */
  static Assurance most(HsmKind kind, Assurance shown) {
    return of(kind).isPresent() || shown.compareTo(Assurance.SELF_REPORTED) <= 0
        ? shown
        : Assurance.SELF_REPORTED;
  }
}
