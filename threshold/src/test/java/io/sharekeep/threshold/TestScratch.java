package io.sharekeep.threshold;

import io.sharekeep.leftovers.Holder;
import io.sharekeep.leftovers.Holders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Scratch memory for tests. Use it in try-with-resources: closing fails if a slab is still open,
 * and a slab that was closed is dead, as in production.
 */
public final class TestScratch implements Scratch, Holder, AutoCloseable {
  private final Set<Slab> open = new HashSet<>();

  public TestScratch() {
    Holders.add(this);
  }

  @Override
  public Slab borrow(long length) {
    if (length < 1) {
      throw new IllegalArgumentException("length " + length);
    }
    var slab = new Lent(length);
    open.add(slab);
    return slab;
  }

  /** A slab that holds {@code bytes}; the caller closes it. */
  public Slab holding(byte[] bytes) {
    var slab = borrow(bytes.length);
    MemorySegment.copy(bytes, 0, slab.bytes(), ValueLayout.JAVA_BYTE, 0, bytes.length);
    return slab;
  }

  public int lent() {
    return open.size();
  }

  @Override
  public List<String> leftovers() {
    return open.isEmpty() ? List.of() : List.of(open.size() + " slabs are lent");
  }

  @Override
  public void close() {
    if (!open.isEmpty()) {
      throw new AssertionError(open.size() + " slabs are still open");
    }
  }

  private final class Lent implements Slab {
    private final Arena life = Arena.ofConfined();
    private final MemorySegment bytes;

    Lent(long length) {
      this.bytes = life.allocate(length, 64);
    }

    @Override
    public MemorySegment bytes() {
      return bytes;
    }

    @Override
    public void close() {
      if (open.remove(this)) {
        bytes.fill((byte) 0);
        life.close();
      }
    }
  }
}
