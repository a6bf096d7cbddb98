package io.sharekeep.enclave;

import java.util.List;

/** What became of a word to freeze or unfreeze. */
public sealed interface Frozen {
  /**
   * It is done, and durable.
   *
   * @param id of the freeze, which an unfreeze names
   * @param scope {@code appliance} or a key id
   * @param stands whether it stops signing now
   * @param beyond requests whose last-round message has left already: they may still be signed
   */
  record Done(String id, String scope, boolean stands, List<String> beyond) implements Frozen {
    public Done {
      beyond = List.copyOf(beyond);
    }
  }

  record Refused(Refusal refusal) implements Frozen {}
}
