package io.sharekeep.enclave.rules;

import java.util.List;
import java.util.Set;

/**
 * A person or a service. One human is one entry with many keys.
 *
 * @param service services may initiate, and never approve or administer
 * @param tls hex SHA-256 pins of client certificates' keys
 */
public record Actor(boolean service, List<Key> keys, Set<String> tls) {
  public Actor {
    keys = List.copyOf(keys);
    tls = Set.copyOf(tls);
  }

  /**
   * @param spki SubjectPublicKeyInfo, lower-case hex
   */
  public record Key(Form form, String spki) {}

  /** How a key signs. */
  public enum Form {
    ED25519("ed25519"),
    P256("p256"),
    WEBAUTHN_EDDSA("webauthn-eddsa"),
    WEBAUTHN_ES256("webauthn-es256");

    private final String label;

    Form(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
