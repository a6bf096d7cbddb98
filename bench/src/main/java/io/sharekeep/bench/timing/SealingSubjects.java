package io.sharekeep.bench.timing;

import io.sharekeep.threshold.Scratch;
import io.sharekeep.threshold.primitive.Primitives;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** What key generation's sealed channels do with secrets. */
final class SealingSubjects {
  private final Primitives primitives;
  private final Scratch scratch;

  SealingSubjects(Primitives primitives, Scratch scratch) {
    this.primitives = primitives;
    this.scratch = scratch;
  }

  List<Subject> all() {
    var fixed = new byte[32];
    Arrays.fill(fixed, (byte) 0x11);
    var long64 = Arrays.copyOf(fixed, 64);
    var keys = Operands.bytes(fixed, 9);
    var plain = Operands.bytes(long64, 10);
    var peer = primitives.x25519PublicKey(keys.load(1, 0));
    var out = Arena.ofAuto().allocate(64, 64);
    var nonce = new byte[12];
    var info = new byte[12];
    return List.of(
        new Plain(
            "x25519 public key", 1, keys::load, () -> primitives.x25519PublicKey(keys.work())),
        new Plain("x25519", 1, keys::load, () -> primitives.x25519(keys.work(), peer, low(out))),
        new Plain(
            "hkdf-sha512 expand",
            1,
            plain::load,
            () -> {
              primitives.hkdfSha512Expand(scratch, plain.work(), info, low(out));
              return out;
            }),
        new Plain(
            "chacha20-poly1305 seal",
            4,
            (kind, slot) -> {
              keys.load(kind, slot);
              plain.load(kind, slot);
            },
            () -> primitives.seal(keys.work(), nonce, info, plain.work())));
  }

  private static MemorySegment low(MemorySegment out) {
    return out.asSlice(0, 32);
  }
}
