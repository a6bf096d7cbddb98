package io.sharekeep.threshold.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Every domain of our own hashes and signatures (protocols.md, annex B). */
public enum Tag {
  CONTEXT("ctx"),
  CONTEXT_LANE("ctx/lane"),
  SESSION("sid"),
  SESSION_FROST("sid/frost"),
  VIEW("view"),
  PROOF_OF_POSSESSION("pok"),
  ENVELOPE_BODY("env/body"),
  ENVELOPE("envelope"),
  ENVELOPE_CERTIFICATE("envcert"),
  SEAL("seal"),
  DKG_COMMITMENT("dkg/com"),
  DKG_COEFFICIENTS("dkg/a"),
  DKG_CERTIFICATE("dkg/cert"),
  DKG_WITHDRAW("dkg/withdraw"),
  DKG_ACTIVE("dkg/active"),
  DKG_CHAIN_CODE("dkg/cc"),
  PAIR("pair"),
  PAIR_OT("pair-ot"),
  PAIR_OT_DONE("pair-ot/done"),
  OT_HASH_TO_CURVE("ot/h2c"),
  OT_KEY("ot/key"),
  OTX_NONCE("otx/prg-nonce"),
  OTX_ROWS("otx/u"),
  OTX_CHALLENGE("otx/chi"),
  VOLE_TRANSCRIPT("vole/theta"),
  VOLE_CHALLENGE("vole/theta2"),
  VOLE_CHECK("vole/mu"),
  ZETA_SEED("zeta/seed"),
  ZETA("zeta"),
  SIGN_COMMITMENT("sign/com"),
  SIGN_ENTROPY("sign/ent"),
  PRESIGNATURE("presig/cert"),
  REQUEST("req"),
  SESSION_ONLINE("sid/on"),
  RERANDOMIZATION("ecdsa/rr"),
  BLAME("blame"),
  ED25519_OFFSET("ed/tau"),
  ED25519_CHAIN_CODE("ed/cc");

  private static final String PREFIX = "SHAREKEEP-V1/";

  private final String label;

  Tag(String name) {
    this.label = PREFIX + name;
  }

  /** The whole tag, prefix included. */
  public String label() {
    return label;
  }

  byte[] ascii() {
    return label.getBytes(StandardCharsets.US_ASCII);
  }

  /** One SHA-512 block: the tag, zeros on its right. */
  public byte[] block() {
    return Arrays.copyOf(ascii(), 128);
  }

  /** What a signature under this tag covers: the tag, a zero byte, {@code content}. */
  public byte[] toBeSigned(byte[] content) {
    var tag = ascii();
    var message = Arrays.copyOf(tag, tag.length + 1 + content.length);
    System.arraycopy(content, 0, message, tag.length + 1, content.length);
    return message;
  }
}
