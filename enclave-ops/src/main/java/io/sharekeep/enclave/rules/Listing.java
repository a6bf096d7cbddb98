package io.sharekeep.enclave.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sharekeep.enclave.json.JsonFields;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A list of addresses: a document of its own, signed and versioned, that policies name.
 *
 * @param previous hash of the version before, 64 hex digits; absent in the first alone
 * @param expires from then on it is stale
 * @param since canonical address → from when on it is listed
 */
public record Listing(
    String tenant,
    String name,
    Type type,
    int version,
    Optional<String> previous,
    Instant issued,
    Optional<Instant> expires,
    Map<String, Instant> since) {
  /** The value of the field {@code apiVersion}. */
  public static final String API_VERSION = "sharekeep.list/v1";

  private static final int MAX_ENTRIES = 100_000;

  public Listing {
    since = Map.copyOf(since);
  }

  /** What its entries mean. */
  public enum Type {
    DESTINATIONS("destinations"),
    SCREENING("screening");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * Reads and checks.
   *
   * @throws io.sharekeep.enclave.json.MalformedJson naming the field and what is wrong with it
   */
  public static Listing read(ObjectNode json) {
    return JsonFields.read(json, "", Listing::listing);
  }

  private static Listing listing(JsonFields fields) {
    fields.text("apiVersion", 64, Pattern.compile(Pattern.quote(API_VERSION)), API_VERSION);
    var type = type(fields);
    int version = fields.integer("version", 1, Integer.MAX_VALUE);
    Optional<String> previous =
        fields.has("previous") ? Optional.of(Terms.sha256(fields, "previous")) : Optional.empty();
    if (version > 1 != previous.isPresent()) {
      throw Terms.wrong(
          fields.at("previous"),
          "is the hash of the version before: it belongs in every version but the first");
    }
    var issued = fields.instant("issued");
    Optional<Instant> expires =
        fields.has("expires") ? Optional.of(fields.instant("expires")) : Optional.empty();
    if (type == Type.SCREENING && expires.isEmpty()) {
      throw Terms.wrong(fields.at("expires"), "must say when the screening list goes stale");
    }
    var since = new HashMap<String, Instant>();
    fields.objectList(
        "entries",
        MAX_ENTRIES,
        entry -> {
          var address = Terms.account(entry.at("address"), entry.text("address", 256));
          var from = entry.has("since") ? entry.instant("since") : issued;
          if (since.put(address, from) != null) {
            throw Terms.wrong(entry.at("address"), "stands in the list twice");
          }
          return entry.optionalText("note", 256);
        });
    return new Listing(
        Terms.name(fields, "tenant"),
        Terms.name(fields, "name"),
        type,
        version,
        previous,
        issued,
        expires,
        since);
  }

  private static Type type(JsonFields fields) {
    var label = fields.text("type", 16);
    for (var type : Type.values()) {
      if (type.label().equals(label)) {
        return type;
      }
    }
    throw Terms.wrong(fields.at("type"), "must be destinations or screening");
  }
}
