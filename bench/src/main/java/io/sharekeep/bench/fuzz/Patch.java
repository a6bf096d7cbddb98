package io.sharekeep.bench.fuzz;

import io.sharekeep.threshold.wire.Octets;
import java.util.Arrays;

/**
 * How short inputs say long messages: a first byte 0 goes before a whole payload, any other before
 * changes of the honest one, four bytes each: where, and what is added to the bits there.
 */
final class Patch {
  private static final int CHANGE = 4;

  private Patch() {}

  /**
   * @param input from {@code at} on
   */
  static Octets of(byte[] input, int at, Octets honest) {
    if (input[at] == 0 && input.length > at + 1) {
      return Octets.of(Arrays.copyOfRange(input, at + 1, input.length));
    }
    var payload = honest.toArray();
    for (int i = at + 1; i + CHANGE <= input.length; i += CHANGE) {
      int where =
          (((input[i] & 0xff) << 16) | ((input[i + 1] & 0xff) << 8) | (input[i + 2] & 0xff))
              % payload.length;
      payload[where] ^= input[i + 3];
    }
    return Octets.of(payload);
  }
}
