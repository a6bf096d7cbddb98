package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.enclave.DigestWords;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A decision with its rule trace, for people. */
final class Explanation {
  /** Hex SHA-256. What an appliance or a file says may be anything. */
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final String CEREMONY = "ceremony";

  private Explanation() {}

  /** Of what a record is, if it says so: a transaction, or a request that is none. */
  static Optional<String> hash(JsonNode record) {
    return Optional.of(record.path(record.has(CEREMONY) ? "requestSha256" : "intentHash").asText())
        .filter(hash -> HASH.matcher(hash).matches());
  }

  /** Of a decision's record, or of a case that was tried. */
  static void print(PrintWriter out, JsonNode record) {
    var ruling = record.has("ruling") ? record.path("ruling") : record;
    if (record.has("at")) {
      out.println(
          record.path("at").asText()
              + " "
              + record.path("party").asText()
              + ", request "
              + record.path("requestId").asText()
              + " of "
              + record.path("initiator").asText());
    }
    hash(record)
        .ifPresent(hash -> {
          out.println((record.has(CEREMONY) ? "request " : "transaction ") + hash);
          out.println("words: " + String.join(" ", DigestWords.of(hash)));
        });
    for (var rule : ruling.path("rules")) {
      out.printf(
          "%-8s %-20s %s%n",
          rule.path("effect").asText(), rule.path("id").asText(), rule.path("verdict").asText());
    }
    for (var limit : record.path("limits")) {
      out.printf(
          "%-8s %-20s %s + %s of %s%s%n",
          "limit",
          limit.path("id").asText(),
          limit.path("before").asText(),
          limit.path("charge").asText(),
          limit.path("most").asText(),
          fits(limit) ? "" : ": does not fit");
    }
    for (var approval : record.path("approvals")) {
      out.printf("%-8s %s%n", "approved", approval.path("statement").path("person").asText());
    }
    out.println(
        ruling.path("decision").asText().toUpperCase(Locale.ROOT)
            + " by "
            + ruling.path("rule").asText()
            + reason(ruling));
    out.flush();
  }

  private static boolean fits(JsonNode limit) {
    return number(limit, "before").add(number(limit, "charge")).compareTo(number(limit, "most"))
        <= 0;
  }

  private static BigInteger number(JsonNode limit, String field) {
    return new BigInteger(limit.path(field).asText());
  }

  private static String reason(JsonNode ruling) {
    if (ruling.has("missing")) {
      var missing = new ArrayList<String>();
      ruling.path("missing").forEach(clause -> missing.add(clause.asText()));
      return ", needs " + String.join(" and ", missing);
    }
    return ruling.has("reason") ? ": " + ruling.path("reason").asText() : "";
  }
}
