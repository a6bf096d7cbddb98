package io.sharekeep.intent;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;

/** The published values that the tests of this module need, each with its source in the file. */
final class Vectors {
  private static final Properties ALL = load();

  private Vectors() {}

  static String text(String name) {
    return requireNonNull(ALL.getProperty(name), name);
  }

  static Bytes hex(String name) {
    return Bytes.ofHex(text(name));
  }

  /** {@code prefix.0}, {@code prefix.1}, … as far as they go. */
  static List<String> series(String prefix) {
    return IntStream.iterate(0, i -> ALL.containsKey(prefix + "." + i), i -> i + 1)
        .mapToObj(i -> text(prefix + "." + i))
        .toList();
  }

  private static Properties load() {
    var properties = new Properties();
    try (var in =
        new InputStreamReader(
            requireNonNull(Vectors.class.getResourceAsStream("/vectors/intent.properties")),
            StandardCharsets.UTF_8)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
