package io.sharekeep.threshold.wire;

import java.util.Optional;

/** The protocols, by their number on the wire (protocols.md, annex A). */
public enum Protocol {
  DKG(1),
  PAIR_REKEY(5),
  PRESIGN(6),
  ECDSA_ONLINE(7),
  ECDSA_SIGN(8),
  FROST_SIGN(10);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  public static Optional<Protocol> of(long number) {
    for (var protocol : values()) {
      if (protocol.number == number) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
