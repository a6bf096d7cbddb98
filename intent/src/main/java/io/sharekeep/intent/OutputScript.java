package io.sharekeep.intent;

import java.util.Arrays;
import java.util.Optional;

/**
 * The standard output scripts that have an address.
 *
 * @param program the hash or key inside the script
 */
record OutputScript(Form form, Bytes program) {
  enum Form {
    P2PKH,
    P2SH,
    P2WPKH,
    P2WSH,
    P2TR
  }

  static Optional<OutputScript> of(byte[] s) {
    if (s.length == 25
        && starts(s, 0x76, 0xa9, 0x14)
        && (s[23] & 0xff) == 0x88
        && (s[24] & 0xff) == 0xac) {
      return known(Form.P2PKH, s, 3, 23);
    }
    if (s.length == 23 && starts(s, 0xa9, 0x14) && (s[22] & 0xff) == 0x87) {
      return known(Form.P2SH, s, 2, 22);
    }
    if (s.length == 22 && starts(s, 0x00, 0x14)) {
      return known(Form.P2WPKH, s, 2, 22);
    }
    if (s.length == 34 && starts(s, 0x00, 0x20)) {
      return known(Form.P2WSH, s, 2, 34);
    }
    if (s.length == 34 && starts(s, 0x51, 0x20)) {
      return known(Form.P2TR, s, 2, 34);
    }
    return Optional.empty();
  }

  /** Whether one key spends it by one signature, in a form that we sign. */
  boolean isKeyPath() {
    return form == Form.P2TR || form == Form.P2WPKH;
  }

  String address(BitcoinNetwork network) {
    return switch (form) {
      case P2PKH -> Base58.encodeChecked(network.keyHashVersion(), program.toArray());
      case P2SH -> Base58.encodeChecked(network.scriptHashVersion(), program.toArray());
      case P2WPKH, P2WSH -> Bech32.witnessAddress(network.prefix(), 0, program.toArray());
      case P2TR -> Bech32.witnessAddress(network.prefix(), 1, program.toArray());
    };
  }

  private static Optional<OutputScript> known(Form form, byte[] script, int from, int to) {
    return Optional.of(new OutputScript(form, Bytes.of(Arrays.copyOfRange(script, from, to))));
  }

  private static boolean starts(byte[] script, int... opcodes) {
    for (int i = 0; i < opcodes.length; i++) {
      if ((script[i] & 0xff) != opcodes[i]) {
        return false;
      }
    }
    return true;
  }
}
