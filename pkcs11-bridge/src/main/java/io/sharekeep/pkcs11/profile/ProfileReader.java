package io.sharekeep.pkcs11.profile;

import io.sharekeep.pkcs11.profile.Profile.Aead;
import io.sharekeep.pkcs11.profile.Profile.Attributes;
import io.sharekeep.pkcs11.profile.Profile.Gcm;
import io.sharekeep.pkcs11.profile.Profile.IvMode;
import io.sharekeep.pkcs11.profile.Profile.Loss;
import io.sharekeep.pkcs11.profile.Profile.Pin;
import io.sharekeep.pkcs11.profile.Profile.Sessions;
import io.sharekeep.pkcs11.profile.Profile.Signatures;
import io.sharekeep.pkcs11.terms.TokenException.ProfileRejected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads profile files: lines of {@code field = value}, comments after {@code #}, no other form. */
public final class ProfileReader {
  private static final long LONGEST = 64 * 1024;

  private final String source;
  private final Map<String, String> values;

  private ProfileReader(String source, Map<String, String> values) {
    this.source = source;
    this.values = values;
  }

  /**
   * Reads a custodian's own file.
   *
   * @throws ProfileRejected with file, line and what is allowed there
   */
  public static Profile read(Path file) {
    try {
      if (Files.size(file) > LONGEST) {
        throw new ProfileRejected(file.toString(), "has more than " + LONGEST + " bytes");
      }
      try (var lines = Files.newBufferedReader(file)) {
        return read(file.toString(), lines);
      }
    } catch (CharacterCodingException e) {
      throw new ProfileRejected(file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      throw new ProfileRejected(file.toString(), "cannot be read; check that it is there");
    }
  }

  /** Reads a profile that is shipped. */
  static Profile shipped(String name) {
    try (var lines = Schema.open(name + ".profile")) {
      return read(name + ".profile", lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Profile read(String source, BufferedReader lines) throws IOException {
    var values = new HashMap<String, String>();
    int number = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      var text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        take(source + ", line " + number, text, values);
      }
    }
    for (var entry : Schema.SHIPPED.fields().entrySet()) {
      var field = entry.getValue();
      if (!values.containsKey(entry.getKey()) && !field.optional()) {
        values.put(
            entry.getKey(),
            field
                .byDefault()
                .orElseThrow(() ->
                    new ProfileRejected(
                        source, "does not say " + entry.getKey() + ": " + field.words())));
      }
    }
    return new ProfileReader(source, values).profile();
  }

  private static void take(String place, String text, Map<String, String> values) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new ProfileRejected(place, "is not of the form field = value");
    }
    var name = text.substring(0, equals).strip();
    var value = text.substring(equals + 1).strip();
    var field = Schema.SHIPPED.fields().get(name);
    if (field == null) {
      throw new ProfileRejected(
          place,
          "has an unknown field '"
              + name
              + "'; allowed are "
              + String.join(", ", Schema.SHIPPED.fields().keySet()));
    }
    if (!field.pattern().matcher(value).matches()) {
      throw new ProfileRejected(place, name + " may not be '" + value + "': " + field.words());
    }
    if (values.put(name, value) != null) {
      throw new ProfileRejected(place, "states " + name + " a second time");
    }
  }

  private Profile profile() {
    var profile =
        new Profile(
            text("name"),
            text("title"),
            Optional.of(text("measured")).filter(on -> !on.equals("no")),
            text("source"),
            match(),
            Aead.valueOf(text("aead")),
            gcm(),
            number("out.slack"),
            text("out.buffer").equals("BOUNCE"),
            new Sessions(number("session.max"), yes("session.rwOnly"), yes("session.anchor")),
            new Pin(
                text("login.userType").equals("USER") ? 1 : code(text("login.userType")),
                number("pin.min"),
                number("pin.max"),
                text("pin.format").equals("USER_COLON_PASSWORD")),
            new Signatures(text("ecdsa.sig").equals("DER"), text("ecpoint").equals("RAW")),
            new Attributes(Set.copyOf(words("attrs.send")), exemptions()),
            new Loss(yes("finalizeOnLost"), codes("reinitOn"), codes("lost.extra")),
            yes("alwaysAuthenticate"),
            text("rng").equals("MIXED"),
            Duration.ofMillis((long) (1000 * Double.parseDouble(text("call.timeout")))));
    if (profile.pin().min() > profile.pin().max()) {
      throw new ProfileRejected(source, "has a pin.min above its pin.max");
    }
    return profile;
  }

  private Match match() {
    var patterns = new TreeMap<String, String>();
    for (var field : List.of("library", "manufacturer", "model", "description", "version")) {
      Optional.ofNullable(values.get("match." + field)).ifPresent(p -> patterns.put(field, p));
    }
    return new Match(patterns);
  }

  private Gcm gcm() {
    var form =
        switch (text("gcm.params")) {
          case "48" -> Gcm.Form.WITH_IV_BITS;
          case "40" -> Gcm.Form.WITHOUT_IV_BITS;
          default -> Gcm.Form.AUTO;
        };
    var iv = text("gcm.iv");
    IvMode mode =
        switch (iv) {
          case "CALLER" -> new IvMode.Caller();
          case "ZERO_AND_READBACK" -> new IvMode.ReadBack();
          default -> new IvMode.Appended(Integer.parseInt(iv.replaceAll("\\D", "")));
        };
    return new Gcm(form, text("gcm.ivBits").equals("SET"), mode, number("gcm.maxChunk"));
  }

  private Map<String, String> exemptions() {
    return words("attrs.exempt").stream()
        .map(word -> word.split(":", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }

  private String text(String field) {
    return Optional.ofNullable(values.get(field))
        .orElseThrow(() -> new IllegalStateException("the profile schema lacks " + field));
  }

  private int number(String field) {
    return Integer.parseInt(text(field));
  }

  private boolean yes(String field) {
    return text(field).equals("yes");
  }

  private List<String> words(String field) {
    return Arrays.stream(text(field).split(" +")).filter(word -> !word.isEmpty()).toList();
  }

  private Set<Long> codes(String field) {
    return words(field).stream().map(ProfileReader::code).collect(Collectors.toUnmodifiableSet());
  }

  private static long code(String hex) {
    return Long.parseLong(hex.substring(2), 16);
  }
}
