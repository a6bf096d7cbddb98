package io.sharekeep.threshold.group;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method works on secrets: its bytecode has no conditional jump but loops over an int that
 * starts at a constant and is compared with a constant. A test walks the class files and holds it
 * to that; the lengths and other public facts are checked by its callers.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.CONSTRUCTOR})
@interface ConstantTime {}
