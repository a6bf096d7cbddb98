/**
 * Looks at a PKCS#11 library that nobody has vouched for, in a process of its own, so that a crash
 * there is a message here. It names no type that could reach a token from this process.
 */
package io.sharekeep.pkcs11.probe;
