package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.EvaluationPoint;
import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.PublicScalar;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tagged hash of protocols.md, section 2.2: SHA-512 over the tag's block and length-prefixed
 * arguments, so that no two argument lists share an encoding. For public transcripts only: the
 * digest keeps its state on the heap.
 *
 * <p>A list is its count and then each field of each element as an argument of its own.
 */
public final class TaggedHash {
  /** A digest per tag that has taken in its block. Only ever cloned, by any thread. */
  private static final Map<Tag, MessageDigest> BEGUN = begun();

  private final MessageDigest digest;

  private TaggedHash(Tag tag) {
    this.digest = after(tag);
  }

  public static TaggedHash of(Tag tag) {
    return new TaggedHash(tag);
  }

  public TaggedHash bytes(byte[] argument) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(argument.length).flip());
    digest.update(argument);
    return this;
  }

  /** Public bytes that happen to lie on a slab. */
  public TaggedHash segment(MemorySegment argument) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(argument.byteSize()).flip());
    digest.update(argument.asByteBuffer());
    return this;
  }

  public TaggedHash octets(Octets argument) {
    return bytes(argument.raw());
  }

  /** 8 bytes, big-endian. */
  public TaggedHash integer(long argument) {
    return bytes(ByteBuffer.allocate(Long.BYTES).putLong(argument).array());
  }

  public TaggedHash party(PartyId argument) {
    return integer(argument.value());
  }

  public TaggedHash point(EvaluationPoint argument) {
    return integer(argument.x());
  }

  /** The canonical encoding. */
  public TaggedHash element(Element argument) {
    return bytes(argument.encoded());
  }

  /** ASCII. */
  public TaggedHash text(String argument) {
    return bytes(argument.getBytes(StandardCharsets.US_ASCII));
  }

  /** H: 64 bytes. This hash is finished after it. */
  public byte[] full() {
    return digest.digest();
  }

  /** H32: the first 32 bytes of {@link #full}. */
  public Octets digest() {
    return Octets.owned(Arrays.copyOf(full(), 32));
  }

  /** HS: all 64 bytes as a big-endian integer mod q, whatever the group's own byte order. */
  public PublicScalar scalar(GroupId group, PublicOps ops) {
    var wide = full();
    return switch (group) {
      case SECP256K1 -> ops.reduce(wide);
      case ED25519 -> ops.reduce(reversed(wide));
    };
  }

  private static byte[] reversed(byte[] bytes) {
    var reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  /** A copy of the state: cheaper than looking for a provider and hashing the block each time. */
  private static MessageDigest after(Tag tag) {
    try {
      return (MessageDigest) Optional.ofNullable(BEGUN.get(tag)).orElseThrow().clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException("the SHA-512 of this Java platform is Cloneable", impossible);
    }
  }

  private static Map<Tag, MessageDigest> begun() {
    var begun = new EnumMap<Tag, MessageDigest>(Tag.class);
    for (var tag : Tag.values()) {
      var digest = sha512();
      digest.update(tag.block());
      begun.put(tag, digest);
    }
    return begun;
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-512", impossible);
    }
  }
}
