/** What a test must not leave behind, and a JUnit 5 extension that looks. */
@NullMarked
package io.sharekeep.leftovers;

import org.jspecify.annotations.NullMarked;
