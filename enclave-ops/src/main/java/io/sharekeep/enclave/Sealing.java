package io.sharekeep.enclave;

import java.util.List;
import java.util.Optional;

/**
 * How this party's shares are sealed now.
 *
 * @param keks all that this state folder knows, by token and generation
 * @param records key records that there are
 * @param incomplete records that lack a seal of some token, or have one under a retired kek
 * @param opens how often a kek has opened shares since the start, to be held against the HSM's own
 *     usage counter
 * @param failovers how many of them the fallback token did
 * @param trouble why sealing anew does not go on, if it does not
 */
public record Sealing(
    List<Kek> keks,
    long records,
    long incomplete,
    long opens,
    long failovers,
    Optional<String> trouble) {
  public Sealing {
    keks = List.copyOf(keks);
  }

  /**
   * One kek.
   *
   * @param token {@code core} or {@code fallback}
   * @param generation from 1
   * @param id CKA_ID, hex
   * @param state {@code current}, {@code retired} or {@code destroyed}
   * @param usable whether its token is there now
   * @param records how many it opens
   * @param seals how often it may have sealed, counted in blocks
   */
  public record Kek(
      String token,
      int generation,
      String id,
      String state,
      boolean usable,
      long records,
      long seals) {}

  /** What may be asked for. */
  public enum Order {
    /** Looks now, not within the next second, for records that are to be sealed anew. */
    COMPLETE,
    /** Makes a new kek on the core token and seals every record under it. */
    NEW_CORE_KEK,
    /** The same on the fallback token. */
    NEW_FALLBACK_KEK,
    /** Destroys retired keks that open nothing any more. */
    DESTROY_RETIRED
  }
}
