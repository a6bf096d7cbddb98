package io.sharekeep.pkcs11;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.terms.TokenException.PinUnreadable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.function.Function;

/**
 * A PIN in a file, such as the service manager's credential store makes. It is read anew for each
 * use into native memory, never onto the heap, and wiped after it; one line end is not part of it.
 */
public record PinFile(Path file) implements PinSource {
  private static final int LONGEST = 256;

  @Override
  public <R> R withPin(Function<MemorySegment, R> use) {
    try (var arena = Arena.ofConfined()) {
      var room = arena.allocate(LONGEST + 3);
      try {
        return use.apply(room.asSlice(0, read(room)));
      } finally {
        room.fill((byte) 0);
      }
    }
  }

  /** Reads the whole file and gives the length of the PIN in it. */
  private long read(MemorySegment room) {
    var buffer = room.asByteBuffer();
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      requirePrivate();
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until the end of the file
      }
    } catch (IOException e) {
      throw new PinUnreadable(file, "cannot be read; check that it is there and whose it is");
    }
    long length = buffer.position();
    if (length > 0 && room.get(JAVA_BYTE, length - 1) == '\n') {
      length--;
    }
    if (length > 0 && room.get(JAVA_BYTE, length - 1) == '\r') {
      length--;
    }
    if (length == 0 || length > LONGEST) {
      throw new PinUnreadable(file, "must hold one PIN of 1 to " + LONGEST + " bytes");
    }
    return length;
  }

  private void requirePrivate() throws IOException {
    var mode = Files.getPosixFilePermissions(file);
    var tooMuch =
        Set.of(
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    if (mode.stream().anyMatch(tooMuch::contains)) {
      throw new PinUnreadable(file, "is open to other users of this host; chmod 600 it");
    }
  }
}
