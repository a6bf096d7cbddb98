package io.sharekeep.enclave;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What everybody may know of a key that derives from another.
 *
 * @param publicKeyHex as the stored one is written, before any Taproot tweak
 * @param addresses purpose → where it receives, once the key that it derives from is usable
 */
public record DerivedKey(KeyPath path, String publicKeyHex, SortedMap<String, String> addresses) {
  public DerivedKey {
    addresses = Collections.unmodifiableSortedMap(new TreeMap<>(addresses));
  }
}
