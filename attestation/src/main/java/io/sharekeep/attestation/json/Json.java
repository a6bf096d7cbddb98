package io.sharekeep.attestation.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.Decoded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.TreeMap;

/**
 * Reads JSON without mercy and writes it canonically: RFC 8785 for objects, lists, integers,
 * booleans and text, which is all that signed documents hold.
 */
public final class Json {
  private static final int MAX_DEPTH = 12;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(1 << 20)
                  .maxNumberLength(20)
                  .build())
          .build();

  private Json() {}

  /** One object and nothing after it; no duplicate name, no null, no fraction. */
  public static Decoded read(byte[] json) {
    try (var parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Decoded.Malformed("a JSON object was expected", 0);
      }
      var item = item(parser);
      return parser.nextToken() == null
          ? new Decoded.Item(item)
          : malformed("more after the JSON object", parser);
    } catch (JsonProcessingException e) {
      // Its message may quote the input; where it stands is enough.
      var at = e.getLocation();
      return new Decoded.Malformed("not valid JSON", at == null ? 0 : (int) at.getByteOffset());
    } catch (Unsupported e) {
      return new Decoded.Malformed(e.what, 0);
    } catch (IOException e) {
      throw new IllegalStateException("an array cannot fail to be read", e);
    }
  }

  private static Decoded malformed(String reason, JsonParser parser) {
    return new Decoded.Malformed(reason, (int) parser.currentLocation().getByteOffset());
  }

  private static Cbor item(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        var items = new ArrayList<Cbor>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(item(parser));
        }
        yield Cbor.list(items);
      }
      case VALUE_STRING -> Cbor.text(wellFormed(parser.getText()));
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_TRUE -> Cbor.bool(true);
      case VALUE_FALSE -> Cbor.bool(false);
      case VALUE_NULL, VALUE_NUMBER_FLOAT, VALUE_EMBEDDED_OBJECT ->
          throw new Unsupported("null and fractions have no place in a signed document");
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME ->
          throw new IllegalStateException("the parser is between values");
    };
  }

  private static Cbor object(JsonParser parser) throws IOException {
    var entries = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = wellFormed(parser.currentName());
      parser.nextToken();
      entries.put(name, item(parser));
    }
    return entries.isEmpty() ? Cbor.map(_ -> {}) : new Cbor.Dictionary(entries);
  }

  private static Cbor integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> Cbor.integer(parser.getLongValue());
      case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
          throw new Unsupported("an integer beyond 63 bits");
    };
  }

  private static String wellFormed(String text) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new Unsupported("text holds half a surrogate pair");
    }
    return text;
  }

  /**
   * Writes an item; byte strings become base64url without padding.
   *
   * @throws IllegalArgumentException for a tag, null, or a map with numbers for keys: what is
   *     written here is ours
   */
  public static byte[] write(Cbor item) {
    var out = new StringBuilder();
    append(item, out);
    return out.toString().getBytes(UTF_8);
  }

  private static void append(Cbor item, StringBuilder out) {
    switch (item) {
      case Cbor.Unsigned(var value) -> out.append(value);
      case Cbor.Negative(var value) -> out.append(value);
      case Cbor.Bool(var value) -> out.append(value);
      case Cbor.Text(var value) -> quote(value, out);
      case Cbor.Bytes bytes ->
          quote(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.value()), out);
      case Cbor.Sequence(var items) -> {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
          out.append(i == 0 ? "" : ",");
          append(items.get(i), out);
        }
        out.append(']');
      }
      case Cbor.Dictionary(var entries) -> {
        out.append('{');
        var separator = "";
        // RFC 8785 orders by UTF-16 units, and not as CBOR does.
        var sorted = new TreeMap<String, Cbor>();
        sorted.putAll(entries);
        for (var entry : sorted.entrySet()) {
          out.append(separator);
          quote(entry.getKey(), out);
          out.append(':');
          append(entry.getValue(), out);
          separator = ",";
        }
        out.append('}');
      }
      case Cbor.Mapping(var entries) when entries.isEmpty() -> out.append("{}");
      case Cbor.Mapping _, Cbor.Null _, Cbor.Tag _ ->
          throw new IllegalArgumentException("JSON has no such item");
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"').append(JsonStringEncoder.getInstance().quoteAsString(text)).append('"');
  }

  /** Never leaves this class. */
  private static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String what;

    Unsupported(String what) {
      super(what, null, false, false);
      this.what = what;
    }
  }
}
