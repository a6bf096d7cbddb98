/**
 * Bindings to libsodium and libsecp256k1. Not exported: {@code group} and {@code primitive} are the
 * only callers. It is also the one place of this module that may touch a file, to load a library.
 */
package io.sharekeep.threshold.foreign;
