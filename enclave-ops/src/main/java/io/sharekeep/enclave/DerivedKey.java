package io.sharekeep.enclave;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A key of ours, or one that derives from it, as a chain sees it.
 *
 * @param publicKeyHex before any tweak
 * @param chainCodeHex 32 bytes; with the public key it gives away every public key below, and
 *     together with one secret key below, the secret key here
 * @param addresses purpose → where the key receives
 */
public record DerivedKey(
    KeyId id,
    KeyPath path,
    String publicKeyHex,
    String chainCodeHex,
    SortedMap<String, String> addresses) {
  public DerivedKey {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }
}
