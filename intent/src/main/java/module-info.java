import org.jspecify.annotations.NullMarked;

/** Unsigned transaction bytes in, what they do and the bytes to sign out. Pure. */
@NullMarked
module io.sharekeep.intent {
  requires static org.jspecify;

  exports io.sharekeep.intent;
}
