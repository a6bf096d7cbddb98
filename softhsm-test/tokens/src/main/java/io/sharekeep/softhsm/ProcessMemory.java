package io.sharekeep.softhsm;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a debugger sees of another process, and what a core file of it would hold. */
public final class ProcessMemory {
  private static final int PART = 1 << 20;
  private static final int OVERLAP = 64;
  private static final long PAGE = 4096;

  private ProcessMemory() {}

  /**
   * One mapping that its process may write to.
   *
   * @param dumped whether it would be in a core: not where madvise(MADV_DONTDUMP) was called for it
   */
  public record Mapping(long from, long length, boolean dumped) {}

  /** Whether this process may look into that one. */
  public static boolean isReadable(long pid) {
    return Files.isReadable(Path.of("/proc/" + pid + "/mem"));
  }

  /** What it may write to. */
  public static List<Mapping> writable(String pid) throws IOException {
    var mappings = new ArrayList<Mapping>();
    long from = 0;
    long to = 0;
    boolean writable = false;
    for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps"))) {
      if (line.startsWith("VmFlags:")) {
        if (writable) {
          mappings.add(new Mapping(from, to - from, !(line + " ").contains(" dd ")));
        }
      } else if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        var fields = line.split(" +", -1);
        var range = fields[0].split("-", -1);
        from = Long.parseUnsignedLong(range[0], 16);
        to = Long.parseUnsignedLong(range[1], 16);
        writable = fields[1].startsWith("rw");
      }
    }
    return mappings;
  }

  /**
   * How often each kind stands in part of its memory.
   *
   * @param dumped in what a core would hold, or in the rest
   */
  public static int[] count(long pid, boolean dumped, Needles needles) throws IOException {
    var counts = new int[needles.kinds()];
    try (var memory = new RandomAccessFile("/proc/" + pid + "/mem", "r");
        var pages = new RandomAccessFile("/proc/" + pid + "/pagemap", "r")) {
      for (var mapping : writable(Long.toString(pid))) {
        if (mapping.dumped() == dumped) {
          for (var run : used(pages, mapping)) {
            count(memory, run.from(), run.length(), needles, counts);
          }
        }
      }
    }
    return counts;
  }

  /** The stretches of it that were ever written to; the rest is zeros, and large. */
  private static List<Mapping> used(RandomAccessFile pages, Mapping of) throws IOException {
    var entries = new byte[Math.toIntExact(of.length() / PAGE * Long.BYTES)];
    pages.seek(of.from() / PAGE * Long.BYTES);
    pages.readFully(entries);
    var runs = new ArrayList<Mapping>();
    long begun = -1;
    for (int page = 0; page <= entries.length / Long.BYTES; page++) {
      // The entry's highest byte: bit 7 is present, bit 6 swapped out.
      boolean used =
          page < entries.length / Long.BYTES
              && (entries[page * Long.BYTES + Long.BYTES - 1] & 0xc0) != 0;
      if (used && begun < 0) {
        begun = page;
      } else if (!used && begun >= 0) {
        runs.add(new Mapping(of.from() + begun * PAGE, (page - begun) * PAGE, of.dumped()));
        begun = -1;
      }
    }
    return runs;
  }

  /** How often each kind stands in a file, such as a heap dump. */
  public static int[] count(Path file, Needles needles) throws IOException {
    var counts = new int[needles.kinds()];
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      count(bytes, 0, bytes.length(), needles, counts);
    }
    return counts;
  }

  /** In parts that overlap, so that nothing hides on a border. */
  private static void count(
      RandomAccessFile from, long begin, long length, Needles needles, int[] counts) {
    var part = new byte[(int) Math.min(PART + OVERLAP, length)];
    for (long at = 0; at < length; at += PART) {
      int size = (int) Math.min(part.length, length - at);
      try {
        from.seek(begin + at);
        from.readFully(part, 0, size);
        needles.count(part, size, counts);
      } catch (IOException e) {
        // Reserved and never used, or secret to every other process.
      }
    }
  }
}
