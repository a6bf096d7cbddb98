package io.sharekeep.enclave.vault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keks of this party: of each token the one that seals, and older ones that still open. The
 * core token's go before the fallback's, newer ones before older ones. Safe for all threads.
 */
public final class KekRing {
  private static final Comparator<Kek> ORDER =
      Comparator.comparing((Kek kek) -> kek.home().role())
          .thenComparing(Comparator.comparingInt(Kek::generation).reversed());

  private volatile List<Kek> all;

  public KekRing(List<Kek> all) {
    this.all = all.stream().sorted(ORDER).toList();
  }

  /** All that open, in order. */
  public List<Kek> all() {
    return all;
  }

  public Optional<Kek> find(String id) {
    return all.stream().filter(kek -> kek.id().equals(id)).findFirst();
  }

  /** The newest of each token: these seal. */
  public List<Kek> current() {
    return all.stream()
        .filter(kek -> current(kek.home().role()).filter(kek::equals).isPresent())
        .toList();
  }

  /** The newest of a token. */
  public Optional<Kek> current(KekHome.Role role) {
    return all.stream().filter(kek -> kek.home().role() == role).findFirst();
  }

  /** Takes in a new one, which then seals in the place of its token's older ones. */
  public synchronized void add(Kek kek) {
    var more = new ArrayList<>(all);
    more.add(kek);
    all = more.stream().sorted(ORDER).toList();
  }

  /** Forgets one that is to be destroyed. */
  public synchronized void remove(String id) {
    all = all.stream().filter(kek -> !kek.id().equals(id)).toList();
  }
}
