package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.Groups;
import io.sharekeep.threshold.group.ModelGroup;
import io.sharekeep.threshold.wire.Suite;
import java.util.List;

/** The groups that the tests of key generation run over. */
public final class TestGroups {
  private static final Groups CHOSEN = Groups.open(new SeededRandomness(1));
  private static final Groups JAVA = Groups.java();

  private TestGroups() {}

  /** The quickest, for whole ceremonies. */
  public static Group of(Suite suite) {
    return all(suite).getLast();
  }

  static List<Group> all(Suite suite) {
    return List.of(new ModelGroup(suite.group()), JAVA.of(suite.group()), CHOSEN.of(suite.group()));
  }
}
