package io.sharekeep.threshold.foreign;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Secp256k1Test {
  private final Secp256k1 secp256k1 = Secp256k1.forPublicValues();

  /** The library's own callback would end the JVM, and this test with it. */
  @Test
  void anIllegalArgumentIsAnExceptionAndNotAnAbort() {
    try (var arena = Arena.ofConfined()) {
      var neverParsed = arena.allocate(Secp256k1.POINT_LENGTH);
      assertThrows(
          IllegalStateException.class, () -> secp256k1.serialize(neverParsed, arena.allocate(33)));
    }
  }

  @Test
  void anOperandOfAWrongLengthNeverReachesC() {
    try (var arena = Arena.ofConfined()) {
      var point = arena.allocate(Secp256k1.POINT_LENGTH);
      var shorter = arena.allocate(31);
      assertThrows(IllegalArgumentException.class, () -> secp256k1.multiplyPublic(shorter, point));
      assertThrows(IllegalArgumentException.class, () -> secp256k1.create(shorter, point));
      assertThrows(
          IllegalArgumentException.class,
          () -> secp256k1.create(arena.allocate(32), point.asReadOnly()));
      assertThrows(
          IllegalArgumentException.class, () -> secp256k1.combine(List.of(point, shorter), point));
      assertThrows(IllegalArgumentException.class, () -> secp256k1.combine(List.of(), point));
      assertThrows(
          IllegalArgumentException.class,
          () -> secp256k1.recover(shorter, 0, arena.allocate(32), point));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              secp256k1.serializeUncompressed(
                  point, arena.allocate(Secp256k1.UNCOMPRESSED), arena.allocate(4)));
    }
  }

  @Test
  void zeroAndTheOrderAreNoSecretScalars() {
    try (var arena = Arena.ofConfined()) {
      var point = arena.allocate(Secp256k1.POINT_LENGTH);
      assertFalse(secp256k1.create(arena.allocate(32), point));
      var order = arena.allocate(32).fill((byte) 0xff);
      assertFalse(secp256k1.create(order, point));
    }
  }
}
