package io.sharekeep.appliance.http;

import io.sharekeep.enclave.CallerIdentity;
import java.util.Map;
import java.util.Optional;

/**
 * A request as a route sees it: read whole, its connection identified.
 *
 * @param lastEventId the header with which a reader of events comes back
 * @param caller the policy's name for the connection; empty on the peer listener
 * @param trace carried through logs and to peers
 */
record Call(
    Map<String, String> parameters,
    byte[] body,
    Optional<String> lastEventId,
    Optional<CallerIdentity> caller,
    Trace trace) {
  String parameter(String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return value;
  }
}
