package io.sharekeep.enclave.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeMap;

/**
 * RFC 8785 for the shapes that are signed here: objects, lists, integers, booleans and printable
 * ASCII, for which sorting keys is all there is to do. Anything else is refused, so no
 * serialization rule is needed for it.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /**
   * The canonical bytes.
   *
   * @throws MalformedJson for null, a fraction, or text that is not printable ASCII
   */
  public static byte[] bytes(JsonNode node) {
    return sorted(node).toString().getBytes(UTF_8);
  }

  /** SHA-256 of a domain line and the canonical bytes. */
  public static byte[] digest(String domain, byte[] canonical) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(domain.getBytes(UTF_8));
      return sha256.digest(canonical);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var members = new TreeMap<String, JsonNode>();
        object.forEachEntry(members::put);
        var result = object.objectNode();
        members.forEach((key, member) -> result.set(printable(key), sorted(member)));
        yield result;
      }
      case ArrayNode array -> {
        var result = array.arrayNode();
        array.forEach(item -> result.add(sorted(item)));
        yield result;
      }
      default -> {
        if (node.isTextual()) {
          printable(node.textValue());
        } else if (!node.isIntegralNumber() && !node.isBoolean()) {
          throw new MalformedJson("null and fractions have no place in a signed document");
        }
        yield node;
      }
    };
  }

  private static String printable(String text) {
    if (!text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e)) {
      throw new MalformedJson("a signed document is printable ASCII throughout");
    }
    return text;
  }
}
