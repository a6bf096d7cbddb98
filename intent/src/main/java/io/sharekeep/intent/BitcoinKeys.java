package io.sharekeep.intent;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which scripts are ours. */
interface BitcoinKeys {
  /** The receiving branch and the change branch. */
  long CHANGE = 1;

  /**
   * A script of ours.
   *
   * @param path from the group key; empty for the key itself
   * @param key 33 bytes, where the witness shows it; empty where it need not or is not known
   */
  record Owned(List<Long> path, Optional<Bytes> key) {
    /** {@code m}, {@code m/1/5}. */
    String shownPath() {
      var text = new StringBuilder("m");
      path.forEach(step -> text.append('/').append(step));
      return text.toString();
    }
  }

  /**
   * @param hints paths to try where the script is not the key's own
   */
  Optional<Owned> find(OutputScript script, List<List<Long>> hints);

  /** Those of one account: its own script, and what derives from its group key along a hint. */
  static BitcoinKeys of(Account account) {
    return new Derived(account, new HashMap<>());
  }

  /** What an onlooker takes for the signer's: every key-path input; and what pays it back. */
  static BitcoinKeys assumed(List<BitcoinTransaction.Output> spent) {
    var scripts = new HashSet<OutputScript>();
    for (var output : spent) {
      OutputScript.of(output.script().toArray())
          .filter(OutputScript::isKeyPath)
          .ifPresent(scripts::add);
    }
    return new Assumed(scripts);
  }

  /** By derivation. Branches are derived once; the rest is one step for each script. */
  record Derived(Account account, Map<Long, Optional<ExtendedKey>> branches)
      implements BitcoinKeys {
    @Override
    public Optional<Owned> find(OutputScript script, List<List<Long>> hints) {
      var root = account.key();
      if (root.length() == 32) {
        if (script.form() == OutputScript.Form.P2TR && script.program().equals(root)) {
          return Optional.of(new Owned(List.of(), Optional.empty()));
        }
      } else if (script.form() == OutputScript.Form.P2WPKH
          && script.program().equals(Hash.hash160(root))) {
        return Optional.of(new Owned(List.of(), Optional.of(root)));
      }
      // A script of one key of ours has one hint. Its first steps are above the group key, whose
      // place in somebody's tree is not known here; the derivation decides, not the hint.
      return hints.size() == 1 && hints.getFirst().size() >= 2
          ? derived(script, hints.getFirst().reversed().subList(0, 2).reversed())
          : Optional.empty();
    }

    private Optional<Owned> derived(OutputScript script, List<Long> path) {
      if (path.getFirst() > CHANGE) {
        return Optional.empty();
      }
      return branches
          .computeIfAbsent(
              path.getFirst(), branch -> account.group().flatMap(group -> group.child(branch)))
          .flatMap(branch -> branch.child(path.getLast()))
          .map(ExtendedKey::publicKey)
          .filter(key -> pays(script, key))
          .map(key -> new Owned(path, Optional.of(key)));
    }

    /** Only in the form that the account uses: the other would ask for another scheme. */
    private boolean pays(OutputScript script, Bytes key) {
      return account.key().length() == 32
          ? script.form() == OutputScript.Form.P2TR
              && Secp256k1.taprootOutput(key).filter(script.program()::equals).isPresent()
          : script.form() == OutputScript.Form.P2WPKH && script.program().equals(Hash.hash160(key));
    }
  }

  /** Nothing is change for an onlooker but what goes back to the one script that all comes from. */
  record Assumed(Set<OutputScript> scripts) implements BitcoinKeys {
    @Override
    public Optional<Owned> find(OutputScript script, List<List<Long>> hints) {
      return scripts.contains(script)
          ? Optional.of(new Owned(List.of(), Optional.empty()))
          : Optional.empty();
    }
  }
}
