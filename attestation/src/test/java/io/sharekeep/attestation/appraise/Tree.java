package io.sharekeep.attestation.appraise;

import io.sharekeep.cbor.Cbor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Edits an item somewhere inside a tree. */
public final class Tree {
  private Tree() {}

  /** The tree with what lies at {@code path} replaced; numbers are labels or places in a list. */
  public static Cbor edit(Cbor tree, UnaryOperator<Cbor> change, Object... path) {
    if (path.length == 0) {
      return change.apply(tree);
    }
    var rest = Arrays.copyOfRange(path, 1, path.length);
    return switch (tree) {
      case Cbor.Mapping(var entries) -> {
        var copy = new TreeMap<Long, Cbor>(Cbor.KEY_ORDER);
        copy.putAll(entries);
        long label = ((Number) path[0]).longValue();
        copy.put(label, edit(present(copy.get(label), path[0]), change, rest));
        yield new Cbor.Mapping(copy);
      }
      case Cbor.Dictionary(var entries) -> {
        var copy = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
        copy.putAll(entries);
        copy.put((String) path[0], edit(present(copy.get(path[0]), path[0]), change, rest));
        yield new Cbor.Dictionary(copy);
      }
      case Cbor.Sequence(var items) -> {
        var copy = new ArrayList<>(items);
        int place = ((Number) path[0]).intValue();
        copy.set(place, edit(copy.get(place), change, rest));
        yield Cbor.list(copy);
      }
      default -> throw new IllegalArgumentException("nothing at " + path[0]);
    };
  }

  public static Cbor set(Cbor tree, Cbor value, Object... path) {
    return edit(tree, _ -> value, path);
  }

  /** Adds or replaces a member of a map at a path. */
  public static Cbor put(Cbor tree, String name, Cbor value, Object... path) {
    return edit(
        tree,
        item -> {
          var copy = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
          if (item instanceof Cbor.Dictionary(var entries)) {
            copy.putAll(entries);
          }
          copy.put(name, value);
          return new Cbor.Dictionary(copy);
        },
        path);
  }

  public static Cbor put(Cbor tree, long label, Cbor value, Object... path) {
    return edit(
        tree,
        item -> {
          var copy = new TreeMap<Long, Cbor>(Cbor.KEY_ORDER);
          copy.putAll(((Cbor.Mapping) item).entries());
          copy.put(label, value);
          return new Cbor.Mapping(copy);
        },
        path);
  }

  /** Takes a member out of the map at a path. */
  public static Cbor remove(Cbor tree, Object key, Object... path) {
    return edit(
        tree,
        item ->
            switch (item) {
              case Cbor.Mapping(var entries) -> {
                var copy = new TreeMap<Long, Cbor>(Cbor.KEY_ORDER);
                copy.putAll(entries);
                copy.remove(((Number) key).longValue());
                yield new Cbor.Mapping(copy);
              }
              case Cbor.Dictionary(var entries) -> {
                var copy = new TreeMap<String, Cbor>(Cbor.NAME_ORDER);
                copy.putAll(entries);
                copy.remove((String) key);
                yield new Cbor.Dictionary(copy);
              }
              default -> throw new IllegalArgumentException("no map");
            },
        path);
  }

  public static Cbor get(Cbor tree, Object... path) {
    var found = new Cbor[1];
    edit(
        tree,
        item -> {
          found[0] = item;
          return item;
        },
        path);
    return found[0];
  }

  private static Cbor present(@Nullable Cbor item, Object key) {
    if (item == null) {
      throw new IllegalArgumentException("nothing at " + key);
    }
    return item;
  }
}
