/**
 * What every backend keeps of a token's fitness: state, deadlines, counts and the pulse. It calls
 * no library itself.
 */
package io.sharekeep.pkcs11.health;
