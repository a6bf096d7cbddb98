package io.sharekeep.enclave.session;

import io.sharekeep.enclave.KeyDescription;
import io.sharekeep.enclave.KeyId;
import io.sharekeep.enclave.KeyPath;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The keys of this party: what the store holds, kept at hand. */
final class KeyRing {
  private final Map<KeyId, HeldKey> keys = new ConcurrentHashMap<>();

  /** After the commit that made or changed it. */
  void put(HeldKey key) {
    keys.put(key.id(), key);
  }

  /** After the commit that discarded it. */
  void remove(HeldKey key) {
    keys.remove(key.id());
  }

  /** Changes one that is there, whatever others change of it meanwhile. */
  void change(KeyId id, UnaryOperator<HeldKey> change) {
    keys.computeIfPresent(id, (_, held) -> change.apply(held));
  }

  Optional<HeldKey> find(KeyId id) {
    return Optional.ofNullable(keys.get(id));
  }

  List<HeldKey> all() {
    return keys.values().stream().sorted(Comparator.comparing(HeldKey::id)).toList();
  }

  /** What everybody may know of a key. Only a usable one has an address to show. */
  static KeyDescription describe(HeldKey key, Books books, Signing signing) {
    var metadata = key.record().metadata();
    return new KeyDescription(
        key.id(),
        metadata.label(),
        key.scheme(),
        key.stage(),
        key.epoch(),
        key.threshold(),
        key.owners(),
        key.committee(),
        metadata.purposeSet(),
        key.publicKey().toString(),
        addresses(key, KeyPath.ROOT, books, signing),
        key.record().created());
  }

  /** By purpose; none of a key that is not usable. */
  static SortedMap<String, String> addresses(
      HeldKey key, KeyPath path, Books books, Signing signing) {
    return key.stage() == KeyDescription.Stage.USABLE
        ? books
            .committee(key.committee())
            .map(committee -> signing.addresses(key, path, committee.document().network()))
            .orElse(new TreeMap<>())
        : new TreeMap<>();
  }
}
