package io.sharekeep.cbor;

/**
 * Caps that the decoder applies before it allocates.
 *
 * @param maxBytes longest document
 * @param maxItems most items of one array, or entries of one map
 */
public record CborLimits(int maxBytes, int maxItems) {
  /** A report of evidence: 1 MiB, 4096 items per container. */
  public static final CborLimits REPORT = new CborLimits(1 << 20, 4096);

  /** A bundle of evidence: 16 MiB, 4096 items per container. */
  public static final CborLimits BUNDLE = new CborLimits(16 << 20, 4096);

  public CborLimits {
    if (maxBytes < 1 || maxItems < 0) {
      throw new IllegalArgumentException("limits are positive");
    }
  }

  /** For a document of at most so many bytes, with at most 4096 items per container. */
  public static CborLimits ofBytes(int maxBytes) {
    return new CborLimits(maxBytes, 4096);
  }
}
