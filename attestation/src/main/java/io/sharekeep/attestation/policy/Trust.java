package io.sharekeep.attestation.policy;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.hsm.Chains;
import io.sharekeep.attestation.hsm.HsmKind;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.attestation.note.NoteKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whom the auditor believes.
 *
 * @param roots of the {@code attest} key's certificates, by the name of the issuer
 * @param requiredIssuers names of {@code roots}, each of which must have certified the key
 * @param hsmRoots by kind of evidence
 * @param tpmRoots of endorsement keys
 * @param revoked names of the files that list what is revoked, beside the policy
 * @param quorum how many of {@code witnesses} must have cosigned the log
 */
public record Trust(
    Map<String, X509Certificate> roots,
    List<String> requiredIssuers,
    Map<HsmKind, List<X509Certificate>> hsmRoots,
    List<X509Certificate> tpmRoots,
    boolean allowsEmulatedTpm,
    boolean allowsSoft,
    List<String> revoked,
    int quorum,
    List<NoteKey> witnesses) {
  private static final int MAX_CERTIFICATE = 8192;

  public Trust {
    roots = Map.copyOf(roots);
    requiredIssuers = List.copyOf(requiredIssuers);
    hsmRoots = Map.copyOf(hsmRoots);
    tpmRoots = List.copyOf(tpmRoots);
    revoked = List.copyOf(revoked);
    witnesses = List.copyOf(witnesses);
  }

  /** The roots without their names. */
  public List<X509Certificate> applianceRoots() {
    return List.copyOf(roots.values());
  }

  static Trust read(NamedFields f) {
    var roots = new TreeMap<String, X509Certificate>();
    for (var root : f.maps("appliance_roots", 1, 16, Trust::named)) {
      f.require(
          roots.put(root.name, root.certificate) == null,
          "appliance_roots",
          "names one issuer twice");
    }
    var required = f.texts("require_issuers", 16, 64);
    f.require(
        roots.keySet().containsAll(required),
        "require_issuers",
        "names an issuer without a root in " + f.at("appliance_roots"));
    var hsmRoots = new TreeMap<HsmKind, List<X509Certificate>>();
    if (f.has("hsm_roots")) {
      f.map(
          "hsm_roots",
          kinds -> {
            for (var kind : HsmKind.values()) {
              if (kinds.has(kind.label())) {
                hsmRoots.put(kind, certificates(kinds, kind.label()));
              }
            }
            return kinds;
          });
    }
    var witnesses = new ArrayList<NoteKey>();
    int quorum = 0;
    if (f.has("witnesses")) {
      quorum =
          f.map(
              "witnesses",
              w -> {
                for (var vkey : w.texts("vkeys", 16, 512)) {
                  witnesses.add(w.require(NoteKey.parse(vkey), "vkeys", "holds what is no key"));
                }
                return (int) w.integer("quorum", 0, 16);
              });
    }
    f.require(
        quorum <= new HashSet<>(witnesses).size(),
        "witnesses",
        "ask for more witnesses than they list");
    return new Trust(
        roots,
        required,
        hsmRoots,
        f.has("tpm_roots") ? certificates(f, "tpm_roots") : List.of(),
        f.flag("allow_emulated_tpm", false),
        f.flag("allow_soft", false),
        f.texts("revoked", 8, 128),
        quorum,
        witnesses);
  }

  private record Root(String name, X509Certificate certificate) {}

  private static Root named(NamedFields f) {
    return new Root(f.text("name", 1, 64), certificate(f));
  }

  private static List<X509Certificate> certificates(NamedFields f, String name) {
    return f.maps(name, 1, 32, Trust::certificate);
  }

  private static X509Certificate certificate(NamedFields f) {
    Octets der = f.base64("der", MAX_CERTIFICATE);
    return f.require(Chains.certificate(der), "der", "is no certificate");
  }
}
