package io.sharekeep.softhsm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a fresh pair of SoftHSM tokens, {@code core} and {@code edge}, as a {@link
 * SoftHsmTokens} parameter of its constructor, life-cycle and test methods, and deletes them after
 * the class.
 *
 * <p>Where SoftHSM is not installed the class is skipped with the reason; under {@code
 * -Dsharekeep.requireTokens=softhsm} or {@code CI=true} it fails instead. The environment variable
 * SOFTHSM2_CONF must name the configuration that this JVM's library will read; the build sets it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(SoftTokensExtension.class)
public @interface SoftTokens {}
