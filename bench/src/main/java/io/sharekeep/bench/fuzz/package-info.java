/** Arbitrary bytes into every decoder and every protocol step: what must hold whatever they are. */
@NullMarked
package io.sharekeep.bench.fuzz;

import org.jspecify.annotations.NullMarked;
