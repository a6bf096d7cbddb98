package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.Locale;

/**
 * A share that this appliance holds: public facts alone, neither the share nor its sealed form.
 *
 * @param groupKey public key of the group
 * @param verificationShare public half of our share
 * @param created Unix seconds
 */
public record ShareClaim(
    String tenant,
    String keyId,
    String scheme,
    long threshold,
    long parties,
    long weight,
    long party,
    Octets groupKey,
    Octets verificationShare,
    long epoch,
    long created,
    String policyId,
    String committeeId,
    Stage stage) {
  /** What may be done with it. */
  public enum Stage {
    ACTIVE,
    PENDING,
    DISABLED,
    RETIRED;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a verifier remembers the key: keys of two tenants may have one name. */
  public String name() {
    return tenant + "/" + keyId;
  }

  Cbor toCbor() {
    return Named.map(m ->
        m.put("tenant", tenant)
            .put("key_id", keyId)
            .put("scheme", scheme)
            .put("t", threshold)
            .put("n", parties)
            .put("weight", weight)
            .put("party", party)
            .put("group_key", groupKey)
            .put("verification_share", verificationShare)
            .put("epoch", epoch)
            .put("created", created)
            .put("policy_id", policyId)
            .put("committee_id", committeeId)
            .put("state", stage.label()));
  }

  static ShareClaim read(NamedFields f) {
    return new ShareClaim(
        f.text("tenant", 1, 64),
        f.text("key_id", 1, 128),
        f.text("scheme", 1, 64),
        f.integer("t", 1, 65535),
        f.integer("n", 1, 65535),
        f.integer("weight", 1, 65535),
        f.integer("party", 1, 65535),
        f.octets("group_key", 32, 65),
        f.octets("verification_share", 32, 65),
        f.integer("epoch", 0, Long.MAX_VALUE),
        f.integer("created", 0, Long.MAX_VALUE),
        f.text("policy_id", 1, 128),
        f.text("committee_id", 1, 128),
        f.choice("state", Stage.class, Stage::label));
  }
}
