package io.sharekeep.leftovers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails each test of a class that leaves a slab lent, a lease open or a log that does not verify,
 * and the class if that is so after its last life-cycle method. Every {@link Holder} that was made
 * since the class began is asked, after the test's own clean-up.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(LeavesNothingExtension.class)
public @interface LeavesNothing {}
