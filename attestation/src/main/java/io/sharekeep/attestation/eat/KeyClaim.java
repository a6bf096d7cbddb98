package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the appliance says of one of its keys in the HSM.
 *
 * @param token {@code core} or {@code edge}
 * @param spki of the public half; none for the sealing key
 * @param purposes PKCS#11 usage that is set: {@code sign}, {@code encrypt}, …
 */
public record KeyClaim(
    String token,
    Role role,
    String id,
    Optional<Octets> spki,
    String algorithm,
    boolean extractable,
    boolean sensitive,
    boolean neverExtractable,
    boolean local,
    boolean alwaysSensitive,
    List<String> purposes) {
  public KeyClaim {
    purposes = List.copyOf(purposes);
  }

  /** The single purpose of a key. */
  public enum Role {
    KEK,
    IDENTITY,
    ATTEST,
    LOG,
    TLS,
    PQ;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Cbor toCbor() {
    return Named.map(m ->
        m.put("token", token)
            .put("role", role.label())
            .put("id", id)
            .put("spki", spki, Named::bytes)
            .put("alg", algorithm)
            .put("extractable", extractable)
            .put("sensitive", sensitive)
            .put("never_extractable", neverExtractable)
            .put("local", local)
            .put("always_sensitive", alwaysSensitive)
            .put("purpose", purposes, Cbor::text));
  }

  static KeyClaim read(NamedFields f) {
    return new KeyClaim(
        f.text("token", 1, 16),
        f.choice("role", Role.class, Role::label),
        f.text("id", 1, 128),
        f.optional("spki", g -> g.octets("spki", 1, 4096)),
        f.text("alg", 1, 32),
        f.bool("extractable"),
        f.bool("sensitive"),
        f.bool("never_extractable"),
        f.bool("local"),
        f.bool("always_sensitive"),
        f.texts("purpose", 16, 32));
  }
}
