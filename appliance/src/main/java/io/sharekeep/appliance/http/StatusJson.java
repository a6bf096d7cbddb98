package io.sharekeep.appliance.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.Documents;
import io.sharekeep.enclave.EnclaveStatus;
import io.sharekeep.enclave.PendingPolicy;
import io.sharekeep.enclave.Sealing;
import java.util.Optional;

/** The status of an appliance for those who may ask: no secret, no name of a person. */
public final class StatusJson {
  private StatusJson() {}

  /** For the health listener: what {@code /state} says to anybody. */
  public static ObjectNode state(EnclaveStatus status, String version) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("state", status.state().name());
    json.put("since", status.since().toString());
    json.put("mode", "unattended");
    status.reason().ifPresent(reason -> json.put("reason", reason));
    json.put("version", version);
    json.put("secretMemory", status.secretMemory());
    json.put("tokenBackend", status.tokenBackend());
    return json;
  }

  /** How shares are sealed, for the admin socket. */
  public static ObjectNode sealing(Sealing sealing) {
    var json = JsonNodeFactory.instance.objectNode();
    var keks = json.putArray("keks");
    for (var kek : sealing.keks()) {
      keks.addObject()
          .put("token", kek.token())
          .put("generation", kek.generation())
          .put("state", kek.state())
          .put("usable", kek.usable())
          .put("records", kek.records())
          .put("seals", kek.seals())
          .put("id", kek.id());
    }
    json.put("records", sealing.records());
    json.put("incomplete", sealing.incomplete());
    json.put("opens", sealing.opens());
    json.put("failovers", sealing.failovers());
    sealing.trouble().ifPresent(trouble -> json.put("trouble", trouble));
    return json;
  }

  /** A version of the policy that waits, or waited, for its time. */
  static ObjectNode pending(PendingPolicy next) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("hash", next.hash())
        .put("version", next.version())
        .put("activeFrom", next.activeFrom().toString());
  }

  /** For authenticated callers and the admin socket. */
  public static ObjectNode full(
      EnclaveStatus status, Documents documents, Optional<PendingPolicy> pending, String version) {
    var json = state(status, version);
    json.put("party", status.party());
    json.put("identityPin", status.identityPin());
    json.put("hsm", status.hsmLost().orElse("ready"));
    json.put("logSize", status.logSize());
    var groups = json.putArray("groups");
    status.groups().forEach(groups::add);
    var limits = json.putArray("limits");
    status.limits().forEach(limits::add);
    json.put("tenant", documents.tenant());
    json.put("policy", documents.policyHash());
    pending.ifPresent(next -> json.set("pendingPolicy", pending(next)));
    var committees = json.putArray("committees");
    for (var committee : documents.committees()) {
      var item = committees.addObject();
      item.put("hash", committee.hash());
      item.put("id", committee.id());
      item.put("threshold", committee.threshold());
      var parties = item.putArray("parties");
      for (var party : committee.parties()) {
        var points =
            parties
                .addObject()
                .put("id", party.id())
                .put("name", party.name())
                .put("url", party.url())
                .putArray("points");
        party.points().forEach(points::add);
      }
    }
    return json;
  }
}
