package io.sharekeep.pkcs11.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a library and a token must be called for a profile to be theirs. A pattern holds {@code *}
 * for any run of characters, and nothing else is special in it.
 *
 * @param patterns by field: library, manufacturer, model, description, version
 */
public record Match(Map<String, String> patterns) {
  public Match {
    patterns = new TreeMap<>(patterns);
  }

  /** Each condition and whether it holds, for people. */
  public record Comparison(boolean all, String words) {}

  /** Whether every pattern fits. Without patterns nothing does. */
  public Comparison compare(Identity identity) {
    var words = new ArrayList<String>();
    boolean all = !patterns.isEmpty();
    for (var entry : patterns.entrySet()) {
      var found = identity.named(entry.getKey());
      boolean fits = fits(entry.getValue(), found);
      all &= fits;
      words.add(
          entry.getKey()
              + " '"
              + found
              + (fits ? "' matches '" : "' does not match '")
              + entry.getValue()
              + "'");
    }
    return new Comparison(
        all, words.isEmpty() ? "it has no match lines" : String.join(", ", words));
  }

  /** How narrow it is: conditions first, then characters that are not wild. */
  public int specificity() {
    int literal =
        patterns.values().stream().mapToInt(pattern -> pattern.replace("*", "").length()).sum();
    return 1000 * patterns.size() + literal;
  }

  private static boolean fits(String pattern, String found) {
    var parts = new ArrayList<String>();
    for (var part : List.of(pattern.split("\\*", -1))) {
      parts.add(part.isEmpty() ? "" : Pattern.quote(part));
    }
    return Pattern.compile(String.join(".*", parts), Pattern.DOTALL).matcher(found).matches();
  }
}
