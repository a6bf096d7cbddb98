package io.sharekeep.threshold.primitive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Exchanger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What calls leave on the stack of a thread that waits. */
@Timeout(30)
class StackTest {
  private static final int DEPTH = 100;
  private static final int LENGTH = 96 << 10;

  /** Each call has the word in its frame: what is called so rarely is interpreted. */
  private static int deep(long word, int depth) {
    return depth == 0 ? (int) word : 1 + deep(word, depth - 1);
  }

  @Test
  void whatDeeperCallsHaveLeftIsWiped() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/self/mem")), "/proc/self/mem is closed");
    var primitives = Primitives.open();
    long word = new SecureRandom().nextLong() | 1L << 62;
    var turns = new Exchanger<String>();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                var id = Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
                primitives.wipeStack(); // what loads it goes deep, too
                turns.exchange(id);
                deep(word, DEPTH);
                turns.exchange(id);
                turns.exchange(id);
                primitives.wipeStack();
                turns.exchange(id);
                turns.exchange(id);
              } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
              }
            });
    var task = Path.of("/proc").resolve(turns.exchange(""));
    turns.exchange("");
    int left = count(task, word);
    turns.exchange("");
    turns.exchange("");
    int after = count(task, word);
    turns.exchange("");
    thread.join();

    assertTrue(left >= DEPTH / 2, "left: " + left);
    assertEquals(0, after, "of " + left);
  }

  /** Below the stack pointer of a thread that waits. */
  private static int count(Path task, long word) throws Exception {
    var call = "running";
    while (call.startsWith("running")) {
      Thread.sleep(10);
      call = Files.readString(task.resolve("syscall")).strip();
    }
    var fields = call.split(" ", -1);
    long pointer = Long.decode(fields[fields.length - 2]);
    var below = new byte[LENGTH];
    try (var memory = new RandomAccessFile("/proc/self/mem", "r")) {
      memory.seek(pointer - LENGTH);
      memory.readFully(below);
    }
    int count = 0;
    var words = ByteBuffer.wrap(below).order(ByteOrder.nativeOrder()).asLongBuffer();
    while (words.hasRemaining()) {
      count += words.get() == word ? 1 : 0;
    }
    return count;
  }
}
