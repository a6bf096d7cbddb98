package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.List;
import java.util.Optional;

/**
 * A signing policy in force.
 *
 * @param sha384 of its canonical JSON
 * @param signers SHA-256 of the SubjectPublicKeyInfo of each key that signed it
 * @param lists SHA-384 of each list that it names
 * @param pending SHA-384 of a change that waits
 */
public record SigningPolicy(
    String tenant,
    String id,
    long version,
    Octets sha384,
    List<Octets> signers,
    List<Octets> lists,
    Optional<Octets> pending) {
  public SigningPolicy {
    signers = List.copyOf(signers);
    lists = List.copyOf(lists);
  }

  /**
   * All policies, and the list of releases in force.
   *
   * @param releases SHA-384 of it, and its version
   */
  public record Set(List<SigningPolicy> policies, Optional<Releases> releases) {
    public Set {
      policies = List.copyOf(policies);
    }

    Cbor toCbor() {
      return Named.map(m ->
          m.put("policies", policies, SigningPolicy::toCbor)
              .put(
                  "releases",
                  releases,
                  r -> Named.map(n -> n.put("version", r.version()).put("sha384", r.sha384()))));
    }

    static Set read(NamedFields f) {
      return new Set(
          f.maps("policies", 0, 64, SigningPolicy::read),
          f.optional(
              "releases",
              g ->
                  g.map(
                      "releases",
                      r ->
                          new Releases(
                              r.integer("version", 1, Long.MAX_VALUE),
                              r.octets("sha384", 48, 48)))));
    }
  }

  /** The list of accepted releases that the appliance follows. */
  public record Releases(long version, Octets sha384) {}

  private Cbor toCbor() {
    return Named.map(m ->
        m.put("tenant", tenant)
            .put("id", id)
            .put("version", version)
            .put("sha384", sha384)
            .put("signers", signers, Named::bytes)
            .put("lists", lists, Named::bytes)
            .put("pending", pending, Named::bytes));
  }

  private static SigningPolicy read(NamedFields f) {
    return new SigningPolicy(
        f.text("tenant", 1, 64),
        f.text("id", 1, 128),
        f.integer("version", 1, Long.MAX_VALUE),
        f.octets("sha384", 48, 48),
        f.list("signers", 0, 64, (path, item) -> NamedFields.asOctets(path, item, 32, 32)),
        f.list("lists", 0, 64, (path, item) -> NamedFields.asOctets(path, item, 48, 48)),
        f.optional("pending", g -> g.octets("pending", 48, 48)));
  }
}
