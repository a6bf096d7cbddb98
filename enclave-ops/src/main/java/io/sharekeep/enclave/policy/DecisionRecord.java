package io.sharekeep.enclave.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.SignedRequests;
import io.sharekeep.enclave.json.CanonicalJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Ceremony;
import io.sharekeep.enclave.rules.Ruling;
import io.sharekeep.enclave.rules.RulingJson;
import java.util.HexFormat;

/**
 * A decision with all that it was made of (policy and intents, section 8): from it, the policy and
 * the lists that it names by hash, whoever holds it makes the same decision again. Its SHA-256
 * stands in the log.
 */
final class DecisionRecord {
  private static final HexFormat HEX = HexFormat.of();
  static final int VERSION = 1;

  private DecisionRecord() {}

  /** Canonical JSON. */
  static byte[] of(RuledPolicy policy, Lists lists, Petition petition, Ruling ruling) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    json.put("tenant", policy.tenant());
    json.put("party", policy.party());
    json.put("policySha256", policy.hash());
    var held = json.putArray("lists");
    lists
        .held()
        .forEach((name, list) -> held.addObject().put("name", name).put("sha256", list.hash()));
    asked(json, petition);
    json.set("ruling", RulingJson.forRecord(ruling));
    var limits = json.putArray("limits");
    for (var charge : ruling.charges()) {
      var limit =
          limits
              .addObject()
              .put("id", charge.limit().id())
              .put("bucket", charge.bucket())
              .put("before", charge.before().toString())
              .put("charge", charge.amount().toString())
              .put("most", charge.most().toString());
      var destinations = limit.putArray("destinations");
      charge.destinations().stream().sorted().forEach(destinations::add);
    }
    return CanonicalJson.bytes(json);
  }

  private static void asked(ObjectNode json, Petition petition) {
    var body = petition.request().body();
    json.put("decision", Judge.decision(body).hex());
    json.put("at", petition.at().toString());
    json.put("requestId", body.requestId());
    json.put("requestSha256", HEX.formatHex(body.digest()));
    json.set("request", StrictJson.object(SignedRequests.toJson(petition.request())));
    json.put("initiator", petition.initiator());
    var approvals = json.putArray("approvals");
    petition.assents().forEach(assent -> approvals.add(StrictJson.object(assent.json())));
    switch (petition) {
      case Petition.Signing signing -> read(json, signing);
      case Petition.Generating _ -> json.put(Subject.CEREMONY, Ceremony.KEYGEN.label());
    }
  }

  private static void read(ObjectNode json, Petition.Signing petition) {
    json.put("payload", HEX.formatHex(petition.payload()));
    json.putObject("account")
        .put("chain", petition.account().chain().name())
        .put("key", petition.account().key().hex());
    json.putObject("key").put("id", petition.body().keyId().hex()).put("epoch", petition.epoch());
    json.put(Subject.INTENT, petition.intent().intentHash().hex());
    var own = json.putArray("own");
    petition.own().stream().sorted().forEach(own::add);
    var quorum = json.putArray("quorum");
    petition.quorum().stream().sorted().forEach(quorum::add);
  }
}
