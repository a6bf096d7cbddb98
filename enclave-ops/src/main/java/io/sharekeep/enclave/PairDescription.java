package io.sharekeep.enclave;

/**
 * What this party shares with another one of an ECDSA key, without the secrets.
 *
 * @param party the other one
 * @param generation 0 from key generation, one more whenever both make it anew
 * @param state {@code active}, {@code burnt} or {@code rekey-needed}
 * @param deaths how often the process died while it worked with this generation
 */
public record PairDescription(int party, long generation, String state, int deaths) {}
