/** Measurements for {@code ./dev bench}. They judge nothing: a budget is for people to compare. */
@NullMarked
package io.sharekeep.bench;

import org.jspecify.annotations.NullMarked;
