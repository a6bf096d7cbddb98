package io.sharekeep.threshold;

/** A party of a committee, numbered 1..65535 by the committee document. */
public record PartyId(int value) implements Comparable<PartyId> {
  public PartyId {
    if (value < 1 || value > 65535) {
      throw new IllegalArgumentException("a party id is 1..65535, not " + value);
    }
  }

  @Override
  public int compareTo(PartyId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "party " + value;
  }
}
