package io.sharekeep.enclave.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one person has signed about one request, verified against the policy in force.
 *
 * @param json the signed statement, canonical
 */
public record Assent(String person, Choice choice, byte[] json) {
  public Assent {
    json = json.clone();
  }

  /** What can be said to a request. */
  public enum Choice {
    APPROVE("approve"),
    REJECT("reject"),
    /** An approval of the same person is taken back, for good. */
    WITHDRAW("withdraw");

    private final String label;

    Choice(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  @Override
  public byte[] json() {
    return json.clone();
  }

  /** Who approves, each once. */
  static Set<String> approving(List<Assent> assents) {
    return assents.stream()
        .filter(assent -> assent.choice() == Choice.APPROVE)
        .map(Assent::person)
        .collect(Collectors.toUnmodifiableSet());
  }
}
