import org.jspecify.annotations.NullMarked;

/** One canonical CBOR codec: the only thing that the leaf modules share. */
@NullMarked
module io.sharekeep.cbor {
  requires static org.jspecify;

  exports io.sharekeep.cbor;
}
