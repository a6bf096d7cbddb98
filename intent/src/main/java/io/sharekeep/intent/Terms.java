package io.sharekeep.intent;

import java.util.Set;

/**
 * What a decoder may read beyond its narrow default, and what its caller knows that a payload does
 * not say. Knowledge only helps to prove: a wrong entry proves nothing.
 *
 * @param optIns what is read though it is off by default
 * @param owners addresses that token accounts may belong to; one is used only where the account's
 *     address derives from it
 */
public record Terms(Set<OptIn> optIns, Set<Destination> owners) {
  /** The narrow default. */
  public static final Terms NONE = new Terms(Set.of(), Set.of());

  public Terms {
    optIns = Set.copyOf(optIns);
    owners = Set.copyOf(owners);
  }

  /** Stops the decoder unless its caller has asked for this. */
  void require(OptIn optIn, int offset, String what) {
    if (!optIns.contains(optIn)) {
      throw new Refusal(
          optIn.refusal(), offset, what + " is off unless " + optIn.label() + " is asked for");
    }
  }
}
