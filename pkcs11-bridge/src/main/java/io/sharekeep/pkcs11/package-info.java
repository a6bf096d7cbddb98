/**
 * The token as the trusted core sees it. Only the core may name these types; the network face has
 * {@code io.sharekeep.pkcs11.edge}, which can neither open nor seal nor choose a key.
 */
package io.sharekeep.pkcs11;
