package io.sharekeep.softhsm;

import java.util.Arrays;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link SoftTokens} does. */
final class SoftTokensExtension
    implements BeforeAllCallback, ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SoftTokensExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return SoftHsm.missing()
        .filter(_ -> !required())
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("SoftHSM is here, or must be"));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    provisioned(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(SoftHsmTokens.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return provisioned(context);
  }

  /** Once per class, and before {@link #beforeAll} where the constructor wants the tokens. */
  private static SoftHsmTokens provisioned(ExtensionContext context) {
    var store = context.getStore(NAMESPACE);
    // JUnit closes the home after the class, which deletes its tokens.
    var home =
        store.getOrComputeIfAbsent(SoftHsm.class, _ -> SoftHsm.ofThisProcess(), SoftHsm.class);
    return store.getOrComputeIfAbsent(
        SoftHsmTokens.class, _ -> home.provision(name(context)), SoftHsmTokens.class);
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName();
  }

  private static boolean required() {
    var named = System.getProperty("sharekeep.requireTokens", "");
    return Arrays.asList(named.split(",")).contains("softhsm")
        || "true".equals(System.getenv("CI"));
  }
}
