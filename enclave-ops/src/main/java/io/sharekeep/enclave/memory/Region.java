package io.sharekeep.enclave.memory;

import io.sharekeep.threshold.Scratch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One slab while it is lent to a session or a share: cut into blocks of multiples of 64 bytes, each
 * with a life of its own. Blocks lie in a list by address; a new one goes behind the last if it
 * fits there, else into the first gap that takes it.
 */
final class Region {
  private static final long ALIGNMENT = 64;

  private final MemorySegment whole;
  private final Wiper wiper;
  private final Thread owner = Thread.currentThread();
  private final Arena life = Arena.ofConfined();
  private @Nullable Block first;
  private @Nullable Block last;
  private long highWater;
  private long used;

  Region(MemorySegment whole, Wiper wiper) {
    this.whole = whole;
    this.wiper = wiper;
  }

  /** Zeroed memory on loan, to be given back in any order. */
  Scratch.Slab borrow(long length) {
    return place(length, Arena.ofConfined());
  }

  /** Zeroed memory that lives as long as the region. */
  MemorySegment allocate(long length) {
    return place(length, life).bytes();
  }

  private Block place(long length, Arena blockLife) {
    checkOpen();
    if (length < 1 || length > whole.byteSize()) {
      throw length < 1
          ? new IllegalArgumentException("a slab has at least one byte, not " + length)
          : usedUp(length);
    }
    long size = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Block before = last;
    if (before != null && before.end() + size > whole.byteSize()) {
      before = gapBefore(size, length);
    }
    var block = new Block(before == null ? 0 : before.end(), size, length, blockLife);
    link(block, before);
    highWater = Math.max(highWater, block.end());
    used += size;
    return block;
  }

  /** The block behind which there is room; null for the very start. */
  private @Nullable Block gapBefore(long size, long length) {
    Block before = null;
    for (Block next = first; next != null; before = next, next = next.next) {
      long from = before == null ? 0 : before.end();
      if (next.offset - from >= size) {
        return before;
      }
    }
    throw usedUp(length);
  }

  private IllegalStateException usedUp(long length) {
    return new IllegalStateException(
        "secret memory is used up: " + length + " bytes asked, " + remaining() + " left");
  }

  private void link(Block block, @Nullable Block before) {
    Block after = before == null ? first : before.next;
    block.previous = before;
    block.next = after;
    if (before == null) {
      first = block;
    } else {
      before.next = block;
    }
    if (after == null) {
      last = block;
    } else {
      after.previous = block;
    }
  }

  private void unlink(Block block) {
    Block before = block.previous;
    Block after = block.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    used -= block.size;
  }

  /** Bytes that are not lent, gaps included. */
  long remaining() {
    return whole.byteSize() - used;
  }

  boolean isOpen() {
    return life.scope().isAlive();
  }

  void checkThread() {
    if (!Thread.currentThread().equals(owner)) {
      throw new WrongThreadException("secret memory belongs to the thread " + owner.getName());
    }
  }

  private void checkOpen() {
    checkThread();
    if (!isOpen()) {
      throw new IllegalStateException("Already closed");
    }
  }

  /** Kills every view, then wipes all that was ever lent. A second call does nothing. */
  void close() {
    checkThread();
    if (!isOpen()) {
      return;
    }
    for (Block block = first; block != null; block = block.next) {
      if (!block.life.equals(life)) {
        block.life.close();
      }
    }
    first = null;
    last = null;
    life.close();
    if (highWater > 0) {
      wiper.wipe(whole.asSlice(0, highWater));
    }
  }

  private final class Block implements Scratch.Slab {
    private final long offset;
    private final long size;
    private final Arena life;
    private final MemorySegment bytes;
    private @Nullable Block previous;
    private @Nullable Block next;

    @SuppressWarnings("restricted") // narrows memory of this region to the life of one loan
    Block(long offset, long size, long length, Arena life) {
      this.offset = offset;
      this.size = size;
      this.life = life;
      this.bytes = whole.asSlice(offset, length).reinterpret(life, null);
    }

    long end() {
      return offset + size;
    }

    @Override
    public MemorySegment bytes() {
      return bytes;
    }

    @Override
    public void close() {
      checkThread();
      if (life.scope().isAlive()) {
        life.close();
        unlink(this);
        wiper.wipe(whole.asSlice(offset, size));
      }
    }
  }
}
