package io.sharekeep.enclave.rules;

/** What happens to keys and the appliance under a quorum; each must be given one. */
public enum Ceremony {
  UNLOCK("unlock"),
  UNFREEZE("unfreeze"),
  RECOVER("recover"),
  KEYGEN("keygen"),
  REFRESH("refresh"),
  PAIR_REKEY("pairRekey"),
  REPAIR("repair"),
  ISOLATING_RESHARE("isolatingReshare"),
  RESHARE("reshare"),
  RETIRE("retire"),
  RESTORE("restore");

  private final String label;

  Ceremony(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
