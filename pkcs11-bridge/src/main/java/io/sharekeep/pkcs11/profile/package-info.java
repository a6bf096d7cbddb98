/**
 * How vendors' tokens differ, as data. It reads files and compares names; it calls no token and
 * loosens no check that a file does not name.
 */
package io.sharekeep.pkcs11.profile;
