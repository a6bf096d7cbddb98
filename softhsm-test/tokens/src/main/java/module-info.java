import org.jspecify.annotations.NullMarked;

/** A JUnit 5 extension that gives a test class fresh soft tokens and takes them away again. */
@NullMarked
module io.sharekeep.softhsm {
  requires static org.jspecify;
  requires transitive org.junit.jupiter.api;

  exports io.sharekeep.softhsm;
}
