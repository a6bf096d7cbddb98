package io.sharekeep.enclave.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharekeep.enclave.json.StrictJson;
import io.sharekeep.enclave.rules.Limit;
import io.sharekeep.enclave.rules.Windows;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The windows of limits as a decision found them, from its record. */
final class RecordedWindows implements Windows {
  private final Map<String, Found> found = new HashMap<>();

  private record Found(BigInteger before, BigInteger charge) {}

  private RecordedWindows() {}

  static RecordedWindows of(byte[] record) {
    var windows = new RecordedWindows();
    for (var limit : StrictJson.object(record).path("limits")) {
      windows.found.put(
          name(limit.path("id").asText(), limit.path("bucket").asText()),
          new Found(number(limit.path("before")), number(limit.path("charge"))));
    }
    return windows;
  }

  private static BigInteger number(JsonNode node) {
    return new BigInteger(node.asText());
  }

  private static String name(String limit, String bucket) {
    return limit + " " + bucket;
  }

  /** A window that the record does not know is no empty one: the decision was about another. */
  private Found at(Limit limit, String bucket) {
    var window = found.get(name(limit.id(), bucket));
    if (window == null) {
      throw new IllegalStateException(
          "the record holds no window of limit " + limit.id() + " for " + bucket);
    }
    return window;
  }

  @Override
  public BigInteger spent(Limit limit, String bucket) {
    return at(limit, bucket).before();
  }

  @Override
  public int unseen(Limit limit, String bucket, Set<String> destinations) {
    return at(limit, bucket).charge().intValueExact();
  }
}
