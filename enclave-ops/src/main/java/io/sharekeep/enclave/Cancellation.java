package io.sharekeep.enclave;

/** What became of a word to cancel a version of the policy that waits for its time. */
public sealed interface Cancellation {
  /** It is done, and durable: that very document never comes into force. */
  record Done(PendingPolicy cancelled) implements Cancellation {}

  record Refused(Refusal refusal) implements Cancellation {}
}
