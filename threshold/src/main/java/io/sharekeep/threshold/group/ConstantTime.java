package io.sharekeep.threshold.group;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method works on secrets: its bytecode has no conditional jump but of loops over an int that
 * only constants and increments write and that is compared with a constant, no division and no
 * comparison of longs; it allocates nothing, and calls only other such methods and a few of the
 * JDK's. A test walks the class files and holds it to that. Lengths and other public facts are
 * checked by its callers.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface ConstantTime {
  /** Its int parameters are public, and a loop may end at one of them. */
  boolean publicInts() default false;
}
