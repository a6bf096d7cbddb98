package io.sharekeep.pkcs11.profile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The fields of a profile: what may stand in each, in words and as a pattern, and what holds where
 * a file does not say. It is a file itself, {@code schema}, beside the profiles.
 */
final class Schema {
  static final Schema SHIPPED = read();

  private final Map<String, Field> fields;

  /** One field. Without a default, a file must state it, or it may be left out if optional. */
  record Field(Optional<String> byDefault, boolean optional, Pattern pattern, String words) {}

  private Schema(Map<String, Field> fields) {
    this.fields = fields;
  }

  Map<String, Field> fields() {
    return fields;
  }

  /** Lines of {@code name ; default, ! or ? ; pattern ; words}. */
  private static Schema read() {
    var fields = new LinkedHashMap<String, Field>();
    try (var lines = open("schema")) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        var parts = line.split(" ; ", 4);
        if (parts.length != 4) {
          throw new IllegalStateException("profile schema: " + line);
        }
        var standard = parts[1].strip();
        fields.put(
            parts[0].strip(),
            new Field(
                standard.equals("!") || standard.equals("?")
                    ? Optional.empty()
                    : Optional.of(standard.equals("-") ? "" : standard),
                standard.equals("?"),
                Pattern.compile(parts[2].strip()),
                parts[3].strip()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Schema(fields);
  }

  static BufferedReader open(String resource) {
    InputStream stream = Schema.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new IllegalStateException("this program was built without its resource " + resource);
    }
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}
