/** The words that the core's token and the edge share. Nothing here can reach a token. */
package io.sharekeep.pkcs11.terms;
