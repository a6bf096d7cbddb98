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

  /** The model first, then Java, then native code if it is there. */
  public static List<Group> of(GroupId id) {
    var backends = new ArrayList<Group>();
    backends.add(new ModelGroup(id));
    boolean sodium = SodiumLibrary.load() instanceof NativeLibrary.Loaded;
    switch (id) {
      case SECP256K1 -> {
        backends.add(new JavaSecp256k1());
        if (sodium && Secp256k1Library.load() instanceof NativeLibrary.Loaded) {
          backends.add(new NativeSecp256k1(TestBackends::fill));
        }
      }
      case ED25519 -> {
        backends.add(new JavaEd25519());
        if (sodium) {
          backends.add(new NativeEd25519(new JavaEd25519()));
        }
      }
    }
    return List.copyOf(backends);
  }

  private static void fill(MemorySegment out) {
    var bytes = new byte[(int) out.byteSize()];
    new SplittableRandom(1).nextBytes(bytes);
    MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }
}
