package io.sharekeep.attestation.hsm;

import java.util.Locale;

/** Kinds of evidence (attestation, section 5). The text form is the name in lower case. */
public enum HsmKind {
  /** Nothing but the token's own word. */
  NONE,

  /** A token made of software. */
  SOFTWARE,
  YUBIHSM2,
  PKIX_EVIDENCE,
  LUNA_PKC,
  NSHIELD_KLF2,
  MARVELL,
  PRIMUS,
  CVC;

  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
