package io.sharekeep.threshold.frost;

import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.TestBackends;
import java.util.List;

/** The backends that every test of FROST runs over. */
final class TestGroups {
  private static final List<Group> ED25519 = TestBackends.of(GroupId.ED25519);
  private static final List<Group> SECP256K1 = TestBackends.of(GroupId.SECP256K1);

  private TestGroups() {}

  /** Every backend of a group, the model first. */
  static List<Group> of(GroupId id) {
    return switch (id) {
      case ED25519 -> ED25519;
      case SECP256K1 -> SECP256K1;
    };
  }

  /** The quickest backend of a group, for tests with many cases. */
  static Group quickest(GroupId id) {
    return of(id).getLast();
  }
}
