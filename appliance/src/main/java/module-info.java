import org.jspecify.annotations.NullMarked;

/** The face of the appliance: it speaks HTTP, shows and wires. It decides nothing about keys. */
@NullMarked
module io.sharekeep.appliance {
  requires static org.jspecify;
  requires io.sharekeep.cbor;
  requires io.sharekeep.enclave;
  requires io.sharekeep.pkcs11;
}
