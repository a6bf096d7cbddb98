import org.jspecify.annotations.NullMarked;

/** PKCS#11 tokens: seal and open into the caller's memory, sign, random, key evidence. */
@NullMarked
@SuppressWarnings("module") // the standard is called PKCS#11
module io.sharekeep.pkcs11 {
  requires static org.jspecify;

  exports io.sharekeep.pkcs11 to
      io.sharekeep.bench,
      io.sharekeep.committee,
      io.sharekeep.enclave;
  exports io.sharekeep.pkcs11.edge;
  exports io.sharekeep.pkcs11.probe;
  exports io.sharekeep.pkcs11.terms;
}
