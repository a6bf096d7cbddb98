package io.sharekeep.enclave.rules;

import java.time.Duration;
import java.util.List;

/**
 * What the policy says of a transaction, and why.
 *
 * @param charges what it takes out of limits; to be reserved unless it is denied
 * @param trace every rule, in the order of the document
 */
public record Ruling(Result result, List<Charge> charges, List<Traced> trace) {
  public Ruling {
    charges = List.copyOf(charges);
    trace = List.copyOf(trace);
  }

  /** Of what no rule or limit is about. */
  public static Ruling of(Result result) {
    return new Ruling(result, List.of(), List.of());
  }

  /** The answer. */
  public sealed interface Result {
    /** Which rule, limit or invariant decided. */
    String rule();

    record Approved(String rule) implements Result {}

    /**
     * @param missing whose approval, in words
     * @param within for how long it is waited for
     */
    record Deferred(String rule, List<String> missing, Duration within) implements Result {
      public Deferred {
        missing = List.copyOf(missing);
      }
    }

    /**
     * @param reason in words
     */
    record Denied(Why why, String rule, String reason) implements Result {}
  }

  /** Which step of the evaluation said no. */
  public enum Why {
    INVARIANT("invariant"),
    DENY("deny"),
    LIMIT("limit"),
    ALLOW_FAILED("allow-failed"),
    DEFAULT("default");

    private final String label;

    Why(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** One rule and what became of it. */
  public record Traced(Rule rule, Verdict verdict) {}

  /** One word. */
  public String word() {
    return switch (result) {
      case Result.Approved _ -> "approved";
      case Result.Deferred _ -> "deferred";
      case Result.Denied _ -> "denied";
    };
  }
}
