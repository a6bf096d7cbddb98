package io.sharekeep.softhsm;

import io.sharekeep.softhsm.SoftTokens.Kind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link SoftTokens} does. */
final class SoftTokensExtension
    implements BeforeAllCallback, ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SoftTokensExtension.class);

  /** Deleted by JUnit when the class is done. */
  private record Database(NssDatabase nss) implements AutoCloseable {
    @Override
    public void close() {
      nss.delete();
    }
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return kinds(context).stream()
        .filter(kind -> !required(kind))
        .flatMap(kind -> kind.missing().stream())
        .findFirst()
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("the tokens are here, or must be"));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    for (var kind : kinds(context)) {
      switch (kind) {
        case SOFTHSM -> softHsm(context);
        case NSS -> nss(context);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type.equals(SoftHsmTokens.class) || type.equals(NssDatabase.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(NssDatabase.class)
        ? nss(context)
        : softHsm(context);
  }

  /** Once per class, and before {@link #beforeAll} where the constructor wants the tokens. */
  private static SoftHsmTokens softHsm(ExtensionContext context) {
    var store = context.getStore(NAMESPACE);
    // JUnit closes the home after the class, which deletes its tokens.
    var home =
        store.getOrComputeIfAbsent(SoftHsm.class, _ -> SoftHsm.ofThisProcess(), SoftHsm.class);
    return store.getOrComputeIfAbsent(
        SoftHsmTokens.class, _ -> home.provision(name(context)), SoftHsmTokens.class);
  }

  private static NssDatabase nss(ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Database.class,
            _ -> new Database(NssDatabase.make(home().resolve("nss"), name(context))),
            Database.class)
        .nss();
  }

  /** Beside the SoftHSM tokens of this process, which the build puts under target. */
  private static Path home() {
    return Optional.ofNullable(System.getenv("SOFTHSM2_CONF"))
        .map(configuration -> Path.of(configuration).toAbsolutePath().resolveSibling(""))
        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName();
  }

  private static List<Kind> kinds(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestClass(), SoftTokens.class)
        .map(wanted -> List.of(wanted.value()))
        .orElse(List.of());
  }

  private static boolean required(Kind kind) {
    var named = System.getProperty("sharekeep.requireTokens", "");
    return Arrays.asList(named.split(",")).contains(kind.name().toLowerCase(Locale.ROOT))
        || "true".equals(System.getenv("CI"));
  }
}
