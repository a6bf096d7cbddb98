package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Outcome;
import io.sharekeep.enclave.Refusal;

/** What became of an order that this appliance carried to the parties. */
public sealed interface Carried {
  /**
   * @param stored whether the request had been finished before
   */
  record Done(Outcome outcome, boolean stored) implements Carried {}

  /** No party released anything. */
  record Refused(Refusal refusal) implements Carried {}
}
