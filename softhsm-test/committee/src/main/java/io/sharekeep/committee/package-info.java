/**
 * Whole committees for tests and demonstrations, and the verifiers that judge what they sign. All
 * parties on one host is a test, never a custody.
 */
@NullMarked
package io.sharekeep.committee;

import org.jspecify.annotations.NullMarked;
