package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.wire.Octets;
import io.sharekeep.threshold.wire.Tag;
import io.sharekeep.threshold.wire.TaggedHash;

/**
 * What an identity key says about one key generation (protocols.md, section 5.2). Statements travel
 * bare: they outlive sessions and never expire.
 */
public sealed interface Statement {
  /** 32 bytes: the ceremony's session id. */
  Octets session();

  /** What the identity key signs: a tag, a zero byte, a hash. */
  byte[] toBeSigned();

  /**
   * "I hold my share of this key, sealed and durable."
   *
   * @param epoch the new epoch
   * @param certified 32 bytes: the hash over everything public of the key
   */
  record Certificate(Octets session, long epoch, Octets certified) implements Statement {
    @Override
    public byte[] toBeSigned() {
      return Tag.DKG_CERTIFICATE.toBeSigned(certified.toArray());
    }
  }

  /**
   * "I hold the certificates of all."
   *
   * @param certified 32 bytes: as in the certificates
   */
  record Active(Octets session, Octets certified) implements Statement {
    @Override
    public byte[] toBeSigned() {
      return Tag.DKG_ACTIVE.toBeSigned(
          TaggedHash.of(Tag.DKG_ACTIVE).octets(session).octets(certified).digest().toArray());
    }
  }

  /**
   * "Not with me."
   *
   * @param epoch the new epoch
   * @param had whether the signer had certified: false means that it never will
   */
  record Withdrawal(Octets session, long epoch, boolean had) implements Statement {
    @Override
    public byte[] toBeSigned() {
      return Tag.DKG_WITHDRAW.toBeSigned(
          TaggedHash.of(Tag.DKG_WITHDRAW)
              .octets(session)
              .integer(epoch)
              .integer(had ? 1 : 0)
              .digest()
              .toArray());
    }
  }
}
