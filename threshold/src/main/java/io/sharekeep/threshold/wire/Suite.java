package io.sharekeep.threshold.wire;

import io.sharekeep.threshold.group.GroupId;
import java.util.Optional;

/** The signature suites, by their number on the wire (protocols.md, annex A). */
public enum Suite {
  DKLS23_SECP256K1(1, GroupId.SECP256K1),
  FROST_SECP256K1(2, GroupId.SECP256K1),
  FROST_SECP256K1_TR(3, GroupId.SECP256K1),
  FROST_ED25519(4, GroupId.ED25519);

  private final int number;
  private final GroupId group;

  Suite(int number, GroupId group) {
    this.number = number;
    this.group = group;
  }

  public int number() {
    return number;
  }

  public GroupId group() {
    return group;
  }

  public static Optional<Suite> of(long number) {
    for (var suite : values()) {
      if (suite.number == number) {
        return Optional.of(suite);
      }
    }
    return Optional.empty();
  }
}
