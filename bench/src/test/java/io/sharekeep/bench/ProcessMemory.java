package io.sharekeep.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What another process can write to, read from outside by root or by its parent. */
final class ProcessMemory {
  private static final int PART = 1 << 20;

  /** As long as what is looked for: the parts overlap, so that nothing hides on a border. */
  private static final int OVERLAP = Long.BYTES;

  private final Path files;

  /** Addresses, {@code to} excluded. */
  record Range(long from, long to) {
    static final Range NONE = new Range(0, 0);

    boolean has(long address) {
      return address >= from && address < to;
    }
  }

  /** A word of a secret, and where it lies. */
  record Hit(long address, long word) {
    @Override
    public String toString() {
      return Long.toHexString(address);
    }
  }

  /**
   * What a search met.
   *
   * @param unreadable ranges that the kernel shows to nobody
   */
  record Search(List<Hit> hits, List<Range> unreadable) {}

  private ProcessMemory(Path files) {
    this.files = files;
  }

  static ProcessMemory of(Process process) {
    return new ProcessMemory(Path.of("/proc", Long.toString(process.pid())));
  }

  boolean isReadable() {
    return Files.isReadable(files.resolve("mem"));
  }

  /** Looks for words everywhere but in some ranges. */
  Search search(SecretWords words, List<Range> except) throws IOException {
    var hits = new ArrayList<Hit>();
    var unreadable = new ArrayList<Range>();
    for (var map : maps()) {
      if (map.contains(" rw")) {
        try {
          search(files.resolve("mem"), range(map), words, except, hits);
        } catch (IOException e) {
          unreadable.add(range(map));
        }
      }
    }
    return new Search(hits, unreadable);
  }

  /** Looks for words in a file. */
  static List<Hit> search(Path file, SecretWords words) throws IOException {
    var hits = new ArrayList<Hit>();
    search(file, new Range(0, Files.size(file)), words, List.of(), hits);
    return hits;
  }

  private static void search(
      Path file, Range range, SecretWords words, List<Range> except, List<Hit> hits)
      throws IOException {
    var part = new byte[PART + OVERLAP];
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      for (long at = range.from(); at < range.to(); at += PART) {
        int length = (int) Math.min(part.length, range.to() - at);
        long from = at;
        bytes.seek(at);
        bytes.readFully(part, 0, length);
        except.forEach(hole -> blank(part, from, length, hole));
        words.search(part, length, (index, word) -> hits.add(new Hit(from + index, word)));
      }
    }
  }

  private static void blank(byte[] part, long at, int length, Range hole) {
    for (long i = Math.max(at, hole.from()); i < Math.min(at + length, hole.to()); i++) {
      part[(int) (i - at)] = 0;
    }
  }

  /**
   * The stack of the thread that waits for its standard input. The kernel tells a waiting thread's
   * system call, its arguments and its stack pointer.
   */
  Range stackOfTheReader() throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      var pointer = readersStackPointer();
      if (pointer.isPresent()) {
        return maps().stream()
            .map(ProcessMemory::range)
            .filter(range -> range.has(pointer.get()))
            .findFirst()
            .orElseThrow();
      }
      Thread.sleep(5);
    }
    throw new IllegalStateException("no thread waits for its standard input");
  }

  private Optional<Long> readersStackPointer() throws IOException {
    try (var threads = Files.list(files.resolve("task"))) {
      for (var thread : threads.toList()) {
        var call = Files.readString(thread.resolve("syscall")).strip().split(" ", -1);
        if (call.length > 7 && call[1].equals("0x0") && isRead(call[0])) {
          return Optional.of(Long.parseUnsignedLong(call[7].substring(2), 16));
        }
      }
    }
    return Optional.empty();
  }

  /** Its number on x86-64 and on aarch64. */
  private static boolean isRead(String number) {
    return number.equals(System.getProperty("os.arch").equals("aarch64") ? "63" : "0");
  }

  private List<String> maps() throws IOException {
    return Files.readAllLines(files.resolve("maps"));
  }

  private static Range range(String map) {
    var ends = map.substring(0, map.indexOf(' ')).split("-", -1);
    return new Range(Long.parseUnsignedLong(ends[0], 16), Long.parseUnsignedLong(ends[1], 16));
  }
}
