package io.sharekeep.threshold.ecdsa;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Changes to one field of a sealed message. */
final class Tampering {
  private Tampering() {}

  static void change(String field, int round, MemorySegment payload) {
    if (round == 2) {
      var message = Rounds.extension(payload);
      switch (field) {
        case "u" -> flip(message.u(), 80 * 200 + 7);
        case "x" -> flip(message.x(), 3);
        case "t" -> flip(message.t(), 16 * 99);
        default -> payload.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xa4);
      }
      return;
    }
    var product = Rounds.product(payload);
    switch (field) {
      case "frame" -> payload.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xa4);
      case "blind" -> flip(Rounds.PRODUCT.field(payload, Rounds.BLIND), 4);
      case "E" -> flip(Rounds.PRODUCT.field(payload, Rounds.ENTROPY), 4);
      // The other y is as good a point.
      case "R" -> flip(Rounds.PRODUCT.field(payload, Rounds.NONCE_POINT), 0);
      case "pk" -> flip(Rounds.PRODUCT.field(payload, Rounds.KEY_POINT), 0);
      case "gammaU" -> flip(Rounds.PRODUCT.field(payload, Rounds.GAMMA_U), 0);
      case "gammaV" -> flip(Rounds.PRODUCT.field(payload, Rounds.GAMMA_V), 0);
      case "zero R" -> Rounds.PRODUCT.field(payload, Rounds.NONCE_POINT).fill((byte) 0);
      case "zero pk" -> Rounds.PRODUCT.field(payload, Rounds.KEY_POINT).fill((byte) 0);
      case "zero gammaU" -> Rounds.PRODUCT.field(payload, Rounds.GAMMA_U).fill((byte) 0);
      case "zero gammaV" -> Rounds.PRODUCT.field(payload, Rounds.GAMMA_V).fill((byte) 0);
      case "large psi" -> Rounds.PRODUCT.field(payload, Rounds.PSI).fill((byte) 0xff);
      case "corrections" -> flip(product.corrections(), 32 * 700 + 31);
      case "large corrections" -> product.corrections().asSlice(0, 32).fill((byte) 0xff);
      case "response" -> flip(product.response(), 31);
      case "large response" -> product.response().fill((byte) 0xff);
      case "check" -> flip(product.check(), 60);
      default -> throw new AssertionError(field);
    }
  }

  static void flip(MemorySegment segment, long at) {
    segment.set(ValueLayout.JAVA_BYTE, at, (byte) (segment.get(ValueLayout.JAVA_BYTE, at) ^ 1));
  }
}
