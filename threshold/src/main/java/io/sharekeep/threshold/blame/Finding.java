package io.sharekeep.threshold.blame;

import io.sharekeep.threshold.PartyId;

/**
 * What a report is worth against one party.
 *
 * @param sentence why, for people
 */
public record Finding(PartyId accused, Kind kind, String sentence) {
  /** From most to least. */
  public enum Kind {
    /** The accused's own signed messages show it to everybody. */
    PROVED,
    /** They show it if what the accuser says of key and message is so; the sentence says what. */
    CONDITIONAL,
    /** Nothing but the accuser's word: a proof would give away a secret, or none was possible. */
    WORD,
    /** The evidence should show it and does not. */
    UNFOUNDED
  }
}
