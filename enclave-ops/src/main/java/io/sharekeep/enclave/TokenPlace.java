package io.sharekeep.enclave;

import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.nio.file.Path;

/**
 * Where a token is and how it is used.
 *
 * @param library the PKCS#11 library, its pin, parameters, profile and backend
 * @param label the token's CKA_LABEL
 * @param pinFile holds its PIN and nothing else; mode 0600
 */
public record TokenPlace(TokenLibrary library, String label, Path pinFile) {}
