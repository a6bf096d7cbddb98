package io.sharekeep.enclave.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;

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
    var out = new StringBuilder();
    write(node, out);
    return out.toString().getBytes(US_ASCII);
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

  /** What is canonical already, as a member of something larger. */
  public static JsonNode written(String canonical) {
    return new POJONode(new Written(canonical));
  }

  private record Written(String text) {}

  private static void write(JsonNode node, StringBuilder out) {
    switch (node) {
      case POJONode raw when raw.getPojo() instanceof Written(String text) -> out.append(text);
      case ObjectNode object -> {
        var names = new ArrayList<String>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        Collections.sort(names);
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
          out.append(i == 0 ? "" : ",");
          quote(names.get(i), out);
          out.append(':');
          write(object.get(names.get(i)), out);
        }
        out.append('}');
      }
      case ArrayNode array -> {
        out.append('[');
        for (int i = 0; i < array.size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(array.get(i), out);
        }
        out.append(']');
      }
      default -> {
        if (node.isTextual()) {
          quote(node.textValue(), out);
        } else if (node.isIntegralNumber() || node.isBoolean()) {
          out.append(node.asText());
        } else {
          throw new MalformedJson("null and fractions have no place in a signed document");
        }
      }
    }
  }

  /**
   * Appends a string as canonical JSON has it.
   *
   * @throws MalformedJson for text that is not printable ASCII
   */
  public static void quote(String text, StringBuilder out) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        throw new MalformedJson("a signed document is printable ASCII throughout");
      }
      if (c == '"' || c == '\\') {
        out.append(text, done, i).append('\\');
        done = i;
      }
    }
    out.append(text, done, text.length()).append('"');
  }
}
