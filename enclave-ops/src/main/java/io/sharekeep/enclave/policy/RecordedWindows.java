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

  /** Whether a window that the record does not know is full, rather than a mistake. */
  private final boolean fullElsewhere;

  private RecordedWindows(boolean fullElsewhere) {
    this.fullElsewhere = fullElsewhere;
  }

  /** To make that very decision again. */
  static RecordedWindows of(byte[] record) {
    return read(record, false);
  }

  /**
   * For the decision that follows a wait: the record's reservations hold. Where a limit has come to
   * count the request only since, by an hour of the day or a newer list, nothing is reserved, and
   * the request must be asked for anew.
   */
  static RecordedWindows ofWhatWaited(byte[] record) {
    return read(record, true);
  }

  private static RecordedWindows read(byte[] record, boolean fullElsewhere) {
    var windows = new RecordedWindows(fullElsewhere);
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
  private Found at(Limit limit, String bucket, int destinations) {
    var window = found.get(name(limit.id(), bucket));
    if (window == null) {
      if (fullElsewhere) {
        return new Found(limit.most(), BigInteger.valueOf(destinations));
      }
      throw new IllegalStateException(
          "the record holds no window of limit " + limit.id() + " for " + bucket);
    }
    return window;
  }

  @Override
  public BigInteger spent(Limit limit, String bucket) {
    return at(limit, bucket, 0).before();
  }

  @Override
  public int unseen(Limit limit, String bucket, Set<String> destinations) {
    return at(limit, bucket, destinations.size()).charge().intValueExact();
  }
}
