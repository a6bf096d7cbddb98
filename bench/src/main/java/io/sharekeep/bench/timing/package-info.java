/**
 * Whether the time of an operation tells its secret operand: the campaign of secure-memory.md,
 * section 8, after Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?".
 */
@NullMarked
package io.sharekeep.bench.timing;

import org.jspecify.annotations.NullMarked;
