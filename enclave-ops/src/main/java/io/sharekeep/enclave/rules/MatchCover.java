package io.sharekeep.enclave.rules;

import java.util.Optional;
import java.util.Set;

/** Whether one match certainly holds wherever another one does. It says no where it cannot tell. */
final class MatchCover {
  private MatchCover() {}

  static boolean covers(Match wide, Match narrow) {
    return set(wide.kinds(), narrow.kinds())
        && set(wide.wallets(), narrow.wallets())
        && set(wide.purposes(), narrow.purposes())
        && set(wide.initiators(), narrow.initiators())
        && set(wide.chains(), narrow.chains())
        && set(wide.assets(), narrow.assets())
        && set(wide.contracts(), narrow.contracts())
        && range(wide.amount(), narrow.amount())
        && range(wide.total(), narrow.total())
        && same(wide.fee(), narrow.fee())
        && receiver(wide.dest(), narrow.dest())
        && same(wide.method(), narrow.method())
        && same(wide.time(), narrow.time())
        && same(wide.anomaly(), narrow.anomaly())
        && narrow.quorum().containsAll(wide.quorum());
  }

  private static <T> boolean set(Set<T> wide, Set<T> narrow) {
    return wide.isEmpty() || (!narrow.isEmpty() && wide.containsAll(narrow));
  }

  private static <T> boolean same(Optional<T> wide, Optional<T> narrow) {
    return wide.isEmpty() || wide.equals(narrow);
  }

  private static boolean range(Optional<Match.Range> wide, Optional<Match.Range> narrow) {
    if (wide.isEmpty() || narrow.isEmpty()) {
      return wide.isEmpty();
    }
    var out = wide.get();
    var in = narrow.get();
    return out.least()
            .map(least -> in.least().filter(own -> own.compareTo(least) >= 0).isPresent())
            .orElse(true)
        && out.most()
            .map(most -> in.most().filter(own -> own.compareTo(most) <= 0).isPresent())
            .orElse(true);
  }

  private static boolean receiver(Optional<Match.Receiver> wide, Optional<Match.Receiver> narrow) {
    if (wide.isEmpty() || narrow.isEmpty()) {
      return wide.isEmpty();
    }
    var out = wide.get();
    var in = narrow.get();
    return out.in().containsAll(in.in())
        && out.addresses().containsAll(in.addresses())
        && out.own().equals(in.own())
        && out.listedFor()
            .map(least -> in.listedFor().filter(own -> own.compareTo(least) >= 0).isPresent())
            .orElse(true);
  }
}
