package io.sharekeep.enclave.policy;

import io.sharekeep.enclave.KeyRequest;
import io.sharekeep.intent.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What is asked for in sentences: a function of the intent or of the request alone, the same at
 * everybody.
 */
public final class Summary {
  private Summary() {}

  /** What key is made, for what, and who holds it. */
  static List<String> of(KeyRequest request) {
    return List.of(
        "makes the key " + request.keyId() + " \"" + request.label() + "\"",
        "by "
            + request.scheme().label()
            + " for "
            + String.join(", ", new TreeSet<>(request.purposes())),
        "held by all parties of committee " + request.committee());
  }

  /** All that leaves, is given power over or runs, then the most that it can cost. */
  public static List<String> of(Intent intent) {
    var lines = new ArrayList<String>();
    intent
        .transfers()
        .forEach(transfer ->
            lines.add(
                "pays "
                    + transfer.amount()
                    + " of "
                    + transfer.asset()
                    + " to "
                    + transfer.destination()));
    intent
        .grants()
        .forEach(grant ->
            lines.add(
                "gives "
                    + grant.grantee()
                    + " power over "
                    + grant.amount().map(Object::toString).orElse("any amount")
                    + " of "
                    + grant.asset()));
    intent
        .calls()
        .forEach(call -> lines.add("calls " + call.target() + " by 0x" + call.selector().hex()));
    lines.add("costs at most " + intent.fee().most() + " of " + intent.fee().asset());
    return List.copyOf(lines);
  }
}
