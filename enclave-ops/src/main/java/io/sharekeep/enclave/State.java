package io.sharekeep.enclave;

/** The states of an appliance and what each admits: the one table (system design, section 2). */
public enum State {
  /** No identity yet: the daemon does not start. */
  UNPROVISIONED,
  /** The core token is not logged in. */
  LOCKED,
  /** Everything works. */
  OPERATIONAL,
  /** An administrator has stopped all signing; ceremonies that cure go on. */
  FROZEN,
  /** An invariant is broken: read-only until recovered. */
  FAILED;

  /** Whether this state lets the operation begin. What is not listed has no way in. */
  public boolean admits(Operation operation) {
    return switch (this) {
      case UNPROVISIONED -> false;
      case LOCKED -> operation == Operation.UNLOCK;
      case OPERATIONAL ->
          switch (operation) {
            case READ, SIGN, GENERATE_KEY, REFRESH, ATTEST, FREEZE -> true;
            case UNFREEZE, UNLOCK, RECOVER -> false;
          };
      case FROZEN ->
          switch (operation) {
            case READ, REFRESH, ATTEST, UNFREEZE -> true;
            case SIGN, GENERATE_KEY, FREEZE, UNLOCK, RECOVER -> false;
          };
      case FAILED -> operation == Operation.READ || operation == Operation.RECOVER;
    };
  }

  /** What a caller can ask for. */
  public enum Operation {
    READ,
    SIGN,
    GENERATE_KEY,
    REFRESH,
    ATTEST,
    FREEZE,
    UNFREEZE,
    UNLOCK,
    RECOVER
  }
}
