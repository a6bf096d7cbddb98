package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** What a party has logged. */
final class Logs {
  private Logs() {}

  /** The leaves of that kind, as text. */
  static List<String> entries(Desk desk, String kind) {
    var leaves = new ArrayList<String>();
    desk.store()
        .read(from -> {
          desk.log().leaves(from, 0, leaf -> leaves.add(new String(leaf, UTF_8)));
          return 0;
        });
    return leaves.stream().filter(leaf -> leaf.contains("\"kind\":\"" + kind + "\"")).toList();
  }
}
