package io.sharekeep.bench;

import io.sharekeep.threshold.Randomness;
import io.sharekeep.threshold.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Lends another scratch's slabs and writes what lies in each of them, when it is given back and at
 * every stop, to a file: straight from the slab, so that this process has no other copy. Stops at
 * some of the loans, returns and draws, in the middle of whatever the caller does.
 */
final class TappedScratch implements Scratch, Randomness, AutoCloseable {
  private static final int WORD = 8;

  private final Scratch scratch;
  private final Randomness random;
  private final Runnable stop;
  private final FileChannel file;
  private final Set<Slab> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<byte[]> copies = new ArrayList<>();
  private boolean copying;
  private boolean writing;
  private int stride;
  private int stopsLeft;
  private int events;

  /**
   * @param stop called at a stop
   */
  TappedScratch(Scratch scratch, Randomness random, Path file, Runnable stop) {
    this.scratch = scratch;
    this.random = random;
    this.stop = stop;
    try {
      this.file = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * From here on everything is written, and every {@code stride}th event stops.
   *
   * @param stops how often, at most
   */
  void watch(int stops, int stride) {
    this.writing = true;
    this.stopsLeft = stops;
    this.stride = stride;
    this.events = 0;
  }

  /** From here on nothing is written and nothing stops. */
  void rest() {
    writing = false;
    stopsLeft = 0;
  }

  /** The control: what is drawn is copied to arrays that live as long as this does. */
  void copying() {
    copying = true;
  }

  /** How many arrays there are, which keeps them alive. */
  int copies() {
    return copies.size();
  }

  @Override
  public void fill(MemorySegment out) {
    random.fill(out);
    if (copying && writing) {
      copies.add(out.toArray(ValueLayout.JAVA_BYTE));
    }
    event();
  }

  @Override
  public Slab borrow(long length) {
    var lent = new Lent(scratch.borrow(length));
    open.add(lent);
    event();
    return lent;
  }

  private void event() {
    events++;
    if (stopsLeft > 0 && events % stride == 0) {
      stopsLeft--;
      writeAll();
      stop.run();
    }
  }

  /** What lies in the slabs now. */
  void writeAll() {
    open.forEach(slab -> write(slab.bytes()));
  }

  private void write(MemorySegment bytes) {
    try {
      var direct = bytes.asByteBuffer();
      while (direct.hasRemaining()) {
        file.write(direct); // from the slab's own address: a direct buffer is not copied
      }
      file.write(ByteBuffer.allocate((int) (-bytes.byteSize() & (WORD - 1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private final class Lent implements Slab {
    private final Slab slab;

    private Lent(Slab slab) {
      this.slab = slab;
    }

    @Override
    public MemorySegment bytes() {
      return slab.bytes();
    }

    @Override
    public void close() {
      if (open.remove(this)) {
        if (writing) {
          write(slab.bytes());
        }
        slab.close();
        event();
      }
    }
  }
}
