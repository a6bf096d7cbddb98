package io.sharekeep.enclave.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.KeyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which pairs this process works with right now, in a shared mapping of a file: what it says
 * outlives the process without a sync, and is lost only with the host (protocols, section 4.7). One
 * slot for each signing thread, since a thread runs one step at a time.
 */
public final class OtMarks implements AutoCloseable {
  /** Signing threads that there may be. */
  private static final int SLOTS = 64;

  private static final int HEADER = 64;
  private static final int SLOT = 256;
  private static final int KEY = 8;
  private static final int EPOCH = 24;
  private static final int COUNT = 32;
  private static final int PEERS = 34;

  /** Other parties that a key can have. */
  private static final int MOST = 63;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final Path HOST_BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment file;
  private final List<Mark> left;
  private final boolean hostRestarted;

  /** A step in OT code. */
  public record Mark(KeyId key, long epoch, List<Integer> peers) {
    public Mark {
      peers = List.copyOf(peers);
    }
  }

  private OtMarks(Path path) throws IOException {
    try (var channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      this.file = channel.map(FileChannel.MapMode.READ_WRITE, 0, HEADER + SLOTS * SLOT, arena);
    }
    byte[] boot = Files.readString(HOST_BOOT, US_ASCII).strip().getBytes(US_ASCII);
    byte[] now = Arrays.copyOf(boot, HEADER);
    byte[] before = file.asSlice(0, HEADER).toArray(JAVA_BYTE);
    this.hostRestarted = !Arrays.equals(before, now) && !Arrays.equals(before, new byte[HEADER]);
    this.left = read();
    MemorySegment.copy(now, 0, file, JAVA_BYTE, 0, HEADER);
  }

  /**
   * Opens, and keeps what the last process left until {@link #clear}.
   *
   * @param folder the state folder, which this process holds
   */
  public static OtMarks open(Path folder) {
    try {
      return new OtMarks(folder.resolve("in-ot"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot map the file in-ot of the state folder", e);
    }
  }

  private List<Mark> read() {
    var marks = new ArrayList<Mark>();
    for (int slot = 0; slot < SLOTS; slot++) {
      var at = slot(slot);
      if (at.get(JAVA_BYTE, 0) == 1) {
        var peers = new ArrayList<Integer>();
        int count = Math.min(MOST, Short.toUnsignedInt(at.get(SHORT, COUNT)));
        for (int i = 0; i < count; i++) {
          peers.add(Short.toUnsignedInt(at.get(SHORT, PEERS + 2L * i)));
        }
        marks.add(
            new Mark(KeyId.of(at.asSlice(KEY, 16).toArray(JAVA_BYTE)), at.get(LONG, EPOCH), peers));
      }
    }
    return List.copyOf(marks);
  }

  private MemorySegment slot(int slot) {
    return file.asSlice(HEADER + (long) slot * SLOT, SLOT);
  }

  /** What the last process was doing when it died. */
  public List<Mark> left() {
    return left;
  }

  /** Whether the host has been started since: then what was left is not known. */
  public boolean hostRestarted() {
    return hostRestarted;
  }

  /** What was left is counted durably. */
  public void clear() {
    for (int slot = 0; slot < SLOTS; slot++) {
      leave(slot);
    }
  }

  /** Before OT code. */
  public void enter(int thread, Mark mark) {
    var at = slot(thread);
    if (mark.peers().size() > MOST) {
      throw new IllegalArgumentException("a key has at most " + MOST + " other parties");
    }
    MemorySegment.copy(mark.key().bytes(), 0, at, JAVA_BYTE, KEY, 16);
    at.set(LONG, EPOCH, mark.epoch());
    at.set(SHORT, COUNT, (short) mark.peers().size());
    for (int i = 0; i < mark.peers().size(); i++) {
      at.set(SHORT, PEERS + 2L * i, mark.peers().get(i).shortValue());
    }
    VarHandle.releaseFence();
    at.set(JAVA_BYTE, 0, (byte) 1);
    VarHandle.fullFence();
  }

  /** After it, once what came of it is durable. */
  public void leave(int thread) {
    VarHandle.releaseFence();
    slot(thread).set(JAVA_BYTE, 0, (byte) 0);
  }

  @Override
  public void close() {
    arena.close();
  }
}
