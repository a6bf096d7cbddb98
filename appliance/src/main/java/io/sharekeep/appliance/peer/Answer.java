package io.sharekeep.appliance.peer;

import io.sharekeep.enclave.Refusal;

/** What asking a peer gives. That a peer is away is an answer, not an exception. */
public sealed interface Answer<T> {
  record Received<T>(T value) implements Answer<T> {}

  /** The peer is up and will not. */
  record Refused<T>(Refusal refusal) implements Answer<T> {}

  /**
   * No usable answer came; whether the peer acted is unknown.
   *
   * @param why for people: connection refused, no answer in time, not pinned, …
   * @param sent whether the request may have reached the peer
   */
  record Unreachable<T>(String why, boolean sent) implements Answer<T> {}
}
