/**
 * The bytes of a sealed blob, the same for every backend. It encrypts nothing and holds no key or
 * plaintext.
 */
package io.sharekeep.pkcs11.seal;
