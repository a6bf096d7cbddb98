package io.sharekeep.threshold.frost;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import io.sharekeep.threshold.group.SecretOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A ciphersuite of RFC 9591 section 6, or the Taproot one, which differs from secp256k1's in its
 * context string and in the challenge of BIP-340.
 */
public enum FrostSuite {
  /** RFC 9591 section 6.1; signatures are those of RFC 8032. */
  ED25519("FROST-ED25519-SHA512-v1", GroupId.ED25519, 64),
  /** RFC 9591 section 6.5; signatures are 65 bytes, R compressed and z. */
  SECP256K1("FROST-secp256k1-SHA256-v1", GroupId.SECP256K1, 65),
  /** Signatures are those of BIP-340. */
  SECP256K1_TAPROOT("FROST-secp256k1-SHA256-TR-v1", GroupId.SECP256K1, 64);

  private final String context;
  private final GroupId group;
  private final int signatureLength;

  FrostSuite(String context, GroupId group, int signatureLength) {
    this.context = context;
    this.group = group;
    this.signatureLength = signatureLength;
  }

  /** The contextString of RFC 9591 section 3.2. */
  public String context() {
    return context;
  }

  public GroupId group() {
    return group;
  }

  /** Bytes of a finished signature. */
  public int signatureLength() {
    return signatureLength;
  }

  /** Whether keys and commitments are taken with an even y, BIP-340. */
  boolean isTaproot() {
    return this == SECP256K1_TAPROOT;
  }

  /** H1, the binding factor of one participant. */
  PublicScalar bindingFactor(PublicOps ops, byte[]... input) {
    return hashToScalar(ops, "rho", input);
  }

  /** H2 over R, the group key and the message. */
  PublicScalar challenge(PublicOps ops, Element commitment, Element groupKey, byte[] message) {
    var r = commitment.encoded();
    var key = groupKey.encoded();
    return switch (this) {
      case ED25519 -> ops.reduce(PublicHash.sha512(r, key, message));
      case SECP256K1 -> hashToScalar(ops, "chal", r, key, message);
      case SECP256K1_TAPROOT ->
          ops.reduce(
              PublicHash.wide(
                  PublicHash.tagged("BIP0340/challenge", xOnly(r), xOnly(key), message)));
    };
  }

  /** H3 over 32 random bytes and the share, RFC 9591 section 4.1; nothing leaves the slabs. */
  void nonce(
      SecretOps ops,
      Scratch scratch,
      MemorySegment random,
      MemorySegment share,
      MemorySegment out) {
    switch (this) {
      case ED25519 -> SecretHash.sha512(ops, scratch, label("nonce"), random, share, out);
      case SECP256K1, SECP256K1_TAPROOT ->
          SecretHash.expandMessage(ops, scratch, label("nonce"), random, share, out);
    }
  }

  /** H4. */
  byte[] messageHash(byte[] message) {
    return hash("msg", message);
  }

  /** H5 over the encoded commitment list. */
  byte[] commitmentHash(byte[] encodedList) {
    return hash("com", encodedList);
  }

  private byte[] hash(String tag, byte[] input) {
    return switch (this) {
      case ED25519 -> PublicHash.sha512(label(tag), input);
      case SECP256K1, SECP256K1_TAPROOT -> PublicHash.sha256(label(tag), input);
    };
  }

  private PublicScalar hashToScalar(PublicOps ops, String tag, byte[]... input) {
    return ops.reduce(
        switch (this) {
          case ED25519 -> PublicHash.sha512(label(tag), PublicHash.join(input));
          case SECP256K1, SECP256K1_TAPROOT ->
              PublicHash.wide(PublicHash.expandMessage(label(tag), PublicHash.join(input)));
        });
  }

  private byte[] label(String tag) {
    return (context + tag).getBytes(US_ASCII);
  }

  /** The x coordinate of a compressed secp256k1 element. */
  static byte[] xOnly(byte[] compressed) {
    return Arrays.copyOfRange(compressed, 1, 33);
  }
}
