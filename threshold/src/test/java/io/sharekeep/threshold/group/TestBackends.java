package io.sharekeep.threshold.group;

import io.sharekeep.threshold.foreign.NativeLibrary;
import io.sharekeep.threshold.foreign.Secp256k1Library;
import io.sharekeep.threshold.foreign.SodiumLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Every backend that this machine has, for tests that run over all of them. */
public final class TestBackends {
  private TestBackends() {}

  /** The model first, the quickest last. */
  public static List<Group> of(GroupId id) {
    var backends = new ArrayList<Group>();
    backends.add(new ModelGroup(id));
    if (id == GroupId.SECP256K1
        && SodiumLibrary.load() instanceof NativeLibrary.Loaded
        && Secp256k1Library.load() instanceof NativeLibrary.Loaded) {
      backends.add(new NativeSecp256k1(TestBackends::fill));
    }
    return List.copyOf(backends);
  }

  private static void fill(MemorySegment out) {
    var bytes = new byte[(int) out.byteSize()];
    new SplittableRandom(1).nextBytes(bytes);
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }
}
