package io.sharekeep.enclave.rules;

/** What became of holding one rule or limit against a transaction. */
public sealed interface Verdict {
  record Matched() implements Verdict {}

  /** {@code why} is for people: the first thing that does not hold. */
  record Unmatched(String why) implements Verdict {}

  /** It cannot be told: a list is stale, an argument unreadable. This denies. */
  record Failed(String why) implements Verdict {}

  /** An earlier rule decided. */
  record Skipped() implements Verdict {}

  /** One word, or the sentence that says what is the matter. */
  default String text() {
    return switch (this) {
      case Matched _ -> "matched";
      case Unmatched(String why) -> why;
      case Failed(String why) -> "failed: " + why;
      case Skipped _ -> "not reached";
    };
  }
}
