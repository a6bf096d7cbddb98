package io.sharekeep.enclave.session;

import io.sharekeep.threshold.group.Element;
import io.sharekeep.threshold.group.Group;
import io.sharekeep.threshold.group.GroupId;
import io.sharekeep.threshold.group.PublicOps;
import io.sharekeep.threshold.group.Secp256k1Points;
import io.sharekeep.threshold.group.SecretOps;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * secp256k1 whose multiples of the generator are changed for one class of the protocol: a party
 * that shows another point than it uses, or whose code fails there.
 *
 * @param within simple name of the class that gets another answer
 */
record BentGroup(Group honest, String within, UnaryOperator<Object> answer) implements Group {
  /** (k + 1)·G for k·G. */
  static BentGroup lying(Group honest, String within) {
    return new BentGroup(
        honest,
        within,
        truth ->
            ((Optional<?>) truth)
                .flatMap(p -> honest.publicOps().add((Element) p, honest.publicOps().generator())));
  }

  static BentGroup failing(Group honest, String within) {
    return new BentGroup(
        honest,
        within,
        _ -> {
          throw new IllegalStateException("out of bounds");
        });
  }

  @Override
  public GroupId id() {
    return honest.id();
  }

  @Override
  public PublicOps publicOps() {
    return honest.publicOps();
  }

  @Override
  public String backend() {
    return "bent";
  }

  @Override
  public SecretOps secretOps() {
    return (SecretOps)
        Proxy.newProxyInstance(
            BentGroup.class.getClassLoader(),
            new Class<?>[] {SecretOps.class, Secp256k1Points.class},
            (_, method, arguments) -> {
              Object truth;
              try {
                truth = method.invoke(honest.secretOps(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              return method.getName().equals("multiplyBase") && isWithin()
                  ? answer.apply(truth)
                  : truth;
            });
  }

  private boolean isWithin() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith("." + within)));
  }
}
