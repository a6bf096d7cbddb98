package io.sharekeep.leftovers;

import java.util.List;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/** What {@link LeavesNothing} does. */
final class LeavesNothingExtension
    implements BeforeAllCallback,
        TestInstancePreConstructCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    Holders.beginClass(context.getRequiredTestClass());
  }

  /** The fields of an instance are the test's, if each test has its own. */
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) {
    if (isOneInstanceForAll(context)) {
      Holders.beginClass(factory.getTestClass());
    } else {
      Holders.beginTest();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (isOneInstanceForAll(context)) {
      Holders.beginTest();
    }
  }

  private static boolean isOneInstanceForAll(ExtensionContext context) {
    return context.getTestInstanceLifecycle().filter(Lifecycle.PER_CLASS::equals).isPresent();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    fail(Holders.endTest());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    fail(Holders.endClass());
  }

  private static void fail(List<String> left) {
    if (!left.isEmpty()) {
      throw new AssertionError("left behind: " + String.join("; ", left));
    }
  }
}
