package io.sharekeep.appliance.http;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.State.Operation;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the interface, with all that is checked before its handler runs.
 *
 * @param path as in OpenAPI, {@code /v1/keys/{id}}
 * @param listeners where it is served
 * @param operation what the state must admit; empty: served in every state
 * @param consumes the content type of its body; empty: no body
 * @param roles of which the caller needs one on the client listener
 */
record Route(
    String method,
    String path,
    Set<Listener> listeners,
    Optional<Operation> operation,
    Optional<String> consumes,
    Set<Role> roles,
    Handler handler) {
  /** Runs on a virtual thread. */
  @FunctionalInterface
  interface Handler {
    Reply handle(Call call);
  }

  /** The two TLS listeners. */
  enum Listener {
    PEER,
    CLIENT
  }
}
