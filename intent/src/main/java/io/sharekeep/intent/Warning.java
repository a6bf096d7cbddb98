package io.sharekeep.intent;

/** A fact that a human should see. Never used to allow anything. */
public enum Warning {
  /** The transaction carries bytes that mean nothing to the chain and maybe something to people. */
  CARRIES_DATA("carries-data"),
  /** It expires with its blockhash, likely before people have approved it. */
  EXPIRES_SOON("expires-soon"),
  /** It pays nobody but its own key and the fee. */
  PAYS_ONLY_SELF("pays-only-self");

  private final String label;

  Warning(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
