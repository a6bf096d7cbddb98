package io.sharekeep.appliance.http;

import io.sharekeep.enclave.CallerIdentity.Role;
import io.sharekeep.enclave.State.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One operation of the interface, with all that is checked before its handler runs.
 *
 * @param path as in OpenAPI, {@code /v1/keys/{id}}; a last parameter named {@code file} is the rest
 *     of the path, slashes included
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
  private static final String REST = "*";
  private static final String FILE = "{file}";

  /** The same for the router. */
  String pattern() {
    return path.replace(FILE, REST).replaceAll("\\{(\\w+)}", ":$1");
  }

  /** The values of the path's parameters, as the router has them. */
  static Map<String, String> parameters(Map<String, String> routed) {
    var parameters = new HashMap<>(routed);
    var rest = parameters.remove(REST);
    if (rest != null) {
      parameters.put("file", rest);
    }
    return parameters;
  }

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
