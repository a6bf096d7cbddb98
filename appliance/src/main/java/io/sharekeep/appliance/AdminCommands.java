package io.sharekeep.appliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.appliance.http.StatusJson;
import io.sharekeep.enclave.Enclave;
import io.sharekeep.enclave.Sealing.Order;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the admin socket answers. */
final class AdminCommands {
  private AdminCommands() {}

  static Map<String, Supplier<? extends JsonNode>> of(Enclave enclave, TlsCertificate certificate) {
    var commands = new TreeMap<String, Supplier<? extends JsonNode>>();
    commands.put("status", () -> status(enclave));
    commands.put("sealing", () -> StatusJson.sealing(enclave.sealing()));
    for (var order : Order.values()) {
      commands.put(
          "seal " + order.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          () -> seal(enclave, order));
    }
    commands.put("certificate", () -> renew(certificate));
    return commands;
  }

  private static ObjectNode status(Enclave enclave) {
    var json =
        StatusJson.full(
            enclave.status(), enclave.documents(), enclave.pendingPolicy(), Appliance.VERSION);
    json.set("sealing", StatusJson.sealing(enclave.sealing()));
    return json;
  }

  private static ObjectNode renew(TlsCertificate certificate) {
    var refused = certificate.renew();
    var json = JsonNodeFactory.instance.objectNode().put("inForce", refused.isEmpty());
    json.put("end", certificate.end().toString());
    refused.ifPresent(why -> json.put("why", why));
    return json;
  }

  private static ObjectNode seal(Enclave enclave, Order order) {
    var refusal = enclave.seal(order);
    var json = StatusJson.sealing(enclave.sealing());
    refusal.ifPresent(why -> json.put("refused", why.code().label()).put("why", why.detail()));
    return json;
  }
}
