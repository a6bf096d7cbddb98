package io.sharekeep.leftovers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class LeavesNothingTest {
  /** Runs a class of tests within this test. Display name → what it failed with, "" for passed. */
  private static Map<String, String> run(Class<?> tests) {
    var ended = new TreeMap<String, String>();
    var listener =
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() || result.getThrowable().isPresent()) {
              ended.put(
                  test.getDisplayName(),
                  result.getThrowable().map(failure -> failure.getMessage()).orElse(""));
            }
          }
        };
    try (LauncherSession session = LauncherFactory.openSession()) {
      session
          .getLauncher()
          .execute(
              LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(),
              listener);
    }
    return ended;
  }

  /** Says what it is told to have left. */
  private static final class Fake implements Holder {
    private final List<String> left = new ArrayList<>();

    Fake() {
      Holders.add(this);
    }

    @Override
    public List<String> leftovers() {
      return List.copyOf(left);
    }
  }

  @LeavesNothing
  static class OfATest {
    private final Fake field = new Fake();

    @AfterEach
    void cleanUp() {
      field.left.remove("cleaned up");
    }

    @Test
    void aClean() {}

    @Test
    void bCleanedUp() {
      field.left.add("cleaned up");
    }

    @Test
    void cLeaves() {
      field.left.add("a slab is lent");
      new Fake().left.add("a lease is open");
    }

    @Test
    void dCleanAgain() {}
  }

  @Test
  void onlyTheTestThatLeavesSomethingFails() {
    assertEquals(
        Map.of(
            "aClean()", "",
            "bCleanedUp()", "",
            "cLeaves()", "left behind: a slab is lent; a lease is open",
            "dCleanAgain()", ""),
        run(OfATest.class));
  }

  @LeavesNothing
  static class OfAClass {
    private static List<String> left = List.of();

    @BeforeAll
    static void start() {
      Holders.add(() -> left);
    }

    @Test
    void breaksIt() {
      left = List.of("the log does not verify");
    }
  }

  @Test
  void whatTheClassHasIsAskedAfterEachTestAndAtTheEnd() {
    assertEquals(
        Map.of(
            "breaksIt()", "left behind: the log does not verify",
            "LeavesNothingTest$OfAClass", "left behind: the log does not verify"),
        run(OfAClass.class));
  }

  @LeavesNothing
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class OneInstance {
    private final Fake field = new Fake();

    @Test
    void aLeaves() {
      field.left.add("a slab is lent");
    }

    @Test
    void bSeesItStill() {
      field.left.add("another slab is lent");
    }
  }

  @Test
  void aFieldOfTheOneInstanceIsTheClasss() {
    assertEquals(
        Map.of(
            "aLeaves()", "left behind: a slab is lent",
            "bSeesItStill()", "left behind: a slab is lent; another slab is lent",
            "LeavesNothingTest$OneInstance", "left behind: a slab is lent; another slab is lent"),
        run(OneInstance.class));
  }
}
