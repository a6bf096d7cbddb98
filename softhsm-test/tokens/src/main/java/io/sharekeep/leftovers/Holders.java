package io.sharekeep.leftovers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The holders of the test class that runs. Test classes of one JVM run one after the other. */
public final class Holders {
  private static final List<Holder> ENROLLED = new ArrayList<>();
  private static int ofTheClass;
  private static @Nullable Class<?> watched;

  private Holders() {}

  /**
   * To be asked after each test. Nobody asks, and nothing is kept, without {@link LeavesNothing}.
   */
  public static synchronized void add(Holder holder) {
    if (watched != null) {
      ENROLLED.add(holder);
    }
  }

  /** Does nothing the second time: one instance for all tests is made before all else. */
  static synchronized void beginClass(Class<?> tests) {
    if (!tests.equals(watched)) {
      ENROLLED.clear();
      ofTheClass = 0;
      watched = tests;
    }
  }

  /** Who is enrolled from here on belongs to one test. */
  static synchronized void beginTest() {
    ofTheClass = ENROLLED.size();
  }

  /** Asks everybody, and forgets the test's own. */
  static synchronized List<String> endTest() {
    var left = leftovers();
    ENROLLED.subList(ofTheClass, ENROLLED.size()).clear();
    return left;
  }

  /** Asks everybody, and forgets them. */
  static synchronized List<String> endClass() {
    var left = leftovers();
    ENROLLED.clear();
    watched = null;
    return left;
  }

  private static List<String> leftovers() {
    return ENROLLED.stream().flatMap(holder -> holder.leftovers().stream()).toList();
  }
}
