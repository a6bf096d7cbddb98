package io.sharekeep.enclave;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.enclave.json.MalformedJson;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.policy.DecisionReplay;
import io.sharekeep.enclave.policy.Lists;
import io.sharekeep.enclave.policy.RuledPolicy;
import io.sharekeep.enclave.rules.Listing;
import java.util.ArrayList;
import java.util.List;

/**
 * A decision made again from its record and the signed documents that it names: by the same reader
 * and the same evaluation as at the appliance, on files alone.
 */
public final class OfflineDecision {
  private OfflineDecision() {}

  /**
   * Says where the record differs from what comes of its own facts, in sentences; empty if nowhere.
   * Whether it is the record that the log names, its SHA-256 says.
   *
   * @param record anything at all
   * @param documents the policy and the lists that it names by hash, among others
   */
  public static List<String> differences(byte[] record, List<DocumentFile> documents) {
    try {
      var json = StrictJson.object(record);
      var policies =
          documents.stream()
              .filter(file ->
                  file.kind() == DocumentFile.Kind.TYPED_POLICY
                      && file.hash().equals(json.path("policySha256").asText()))
              .toList();
      if (policies.isEmpty()) {
        return List.of(
            "the policy " + json.path("policySha256").asText() + " is not among the documents");
      }
      var missing = new ArrayList<String>();
      var lists = lists(json, documents, missing);
      return missing.isEmpty()
          ? DecisionReplay.differences(record, RuledPolicy.of(policies.getFirst()), lists)
          : List.copyOf(missing);
    } catch (MalformedJson e) {
      return List.of("the record: " + e.reason());
    }
  }

  private static Lists lists(JsonNode record, List<DocumentFile> documents, List<String> missing) {
    var lists = Lists.NONE;
    for (var named : record.path("lists")) {
      var hash = named.path("sha256").asText();
      var found =
          documents.stream()
              .filter(file -> file.kind() == DocumentFile.Kind.LIST && file.hash().equals(hash))
              .findFirst();
      if (found.isEmpty()) {
        missing.add("the list " + named.path("name").asText() + " " + hash + " is not given");
      } else {
        lists =
            lists.with(
                new Lists.Held(Listing.read(StrictJson.object(found.get().canonical())), hash));
      }
    }
    return lists;
  }
}
