package io.sharekeep.enclave.policy;

import io.sharekeep.intent.Intent;
import java.util.ArrayList;
import java.util.List;

/** What a transaction does in sentences: a function of the intent alone, the same at everybody. */
public final class Summary {
  private Summary() {}

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
