import org.jspecify.annotations.NullMarked;

/**
 * JUnit 5 extensions: fresh soft tokens for a test class, and nothing left behind by its tests; and
 * what an adversary does to messages.
 */
@NullMarked
module io.sharekeep.softhsm {
  requires static org.jspecify;
  requires transitive io.sharekeep.cbor;
  requires transitive org.junit.jupiter.api;

  exports io.sharekeep.adversary;
  exports io.sharekeep.leftovers;
  exports io.sharekeep.softhsm;
}
