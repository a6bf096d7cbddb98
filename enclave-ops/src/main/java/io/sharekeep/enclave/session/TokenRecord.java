package io.sharekeep.enclave.session;

import io.sharekeep.enclave.ProvisionedIdentity;
import io.sharekeep.enclave.store.Meta;
import io.sharekeep.enclave.store.Reading;
import io.sharekeep.enclave.store.Transaction;
import io.sharekeep.pkcs11.terms.KeyRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the state folder remembers of the signing keys of its core token and of its owner, from
 * {@code init} on.
 *
 * @param keys by the names of {@link CoreToken#KEYS}
 * @param publicKeys SubjectPublicKeyInfo of each
 * @param owner SubjectPublicKeyInfo of the key that signs this party's policies
 */
record TokenRecord(Map<String, KeyRef> keys, Map<String, byte[]> publicKeys, byte[] owner) {
  private static final String KEY = "core-key/";
  private static final String PUBLIC = "core-public/";
  private static final String OWNER = "owner";

  TokenRecord {
    keys = Map.copyOf(keys);
    publicKeys = Map.copyOf(publicKeys);
  }

  KeyRef key(String name) {
    return Optional.ofNullable(keys.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no key " + name));
  }

  byte[] publicKey(String name) {
    return Optional.ofNullable(publicKeys.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no public key " + name))
        .clone();
  }

  ProvisionedIdentity identity() {
    return new ProvisionedIdentity(publicKey("identity"), publicKey("log"), publicKey("attest"));
  }

  void write(Transaction tx) {
    keys.forEach((name, key) -> Meta.put(tx, KEY + name, key.idBytes()));
    publicKeys.forEach((name, spki) -> Meta.put(tx, PUBLIC + name, spki));
    Meta.put(tx, OWNER, owner);
  }

  /** Empty before init. */
  static Optional<TokenRecord> read(Reading from) {
    var owner = Meta.find(from, OWNER);
    var keys = new HashMap<String, KeyRef>();
    var publicKeys = new HashMap<String, byte[]>();
    CoreToken.KEYS.forEach((name, spec) -> {
      Meta.find(from, KEY + name).ifPresent(id -> keys.put(name, KeyRef.of(spec.name(), id)));
      Meta.find(from, PUBLIC + name).ifPresent(spki -> publicKeys.put(name, spki));
    });
    return owner.isPresent() && keys.size() == CoreToken.KEYS.size()
        ? Optional.of(new TokenRecord(keys, publicKeys, owner.get()))
        : Optional.empty();
  }
}
