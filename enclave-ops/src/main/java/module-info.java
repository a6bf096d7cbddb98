import org.jspecify.annotations.NullMarked;

/**
 * The trusted core and the only code that ever sees an open share. It exports one package of
 * records in and records out, and has no network.
 */
@NullMarked
module io.sharekeep.enclave {
  requires static org.jspecify;
  requires io.sharekeep.attestation;
  requires io.sharekeep.cbor;
  requires io.sharekeep.intent;
  requires io.sharekeep.pkcs11;
  requires io.sharekeep.threshold;
  requires com.fasterxml.jackson.databind;
  requires java.sql;
  requires jdk.management;
  requires org.xerial.sqlitejdbc;

  exports io.sharekeep.enclave;
}
