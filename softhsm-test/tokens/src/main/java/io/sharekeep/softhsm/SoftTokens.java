package io.sharekeep.softhsm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class fresh tokens as parameters of its constructor, life-cycle and test methods,
 * and deletes them after the class: a pair of SoftHSM tokens, {@code core} and {@code edge}, as
 * {@link SoftHsmTokens}; one token of NSS as {@link NssDatabase}.
 *
 * <p>Where what it needs is not installed the class is skipped with the reason; under {@code
 * -Dsharekeep.requireTokens=softhsm,nss} or {@code CI=true} it fails instead. The environment
 * variable SOFTHSM2_CONF must name the configuration that this JVM's library will read; the build
 * sets it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(SoftTokensExtension.class)
public @interface SoftTokens {
  /** What the class needs. */
  Kind[] value() default Kind.SOFTHSM;

  /** The soft tokens there are. */
  enum Kind {
    SOFTHSM,
    NSS;

    /** Why it is not here, and what to do about it; empty if it is. */
    Optional<String> missing() {
      return switch (this) {
        case SOFTHSM -> SoftHsm.missing();
        case NSS -> NssDatabase.missing();
      };
    }
  }
}
