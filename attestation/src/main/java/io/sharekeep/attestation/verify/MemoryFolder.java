package io.sharekeep.attestation.verify;

import io.sharekeep.attestation.appraise.Memory;
import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.cbor.Parsed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A folder in which a verifier remembers: a file for each appliance, and the key that signs the
 * policy. One process at a time, by a lock that is held until {@link #close}.
 */
final class MemoryFolder implements AutoCloseable {
  private static final int MAX = 1 << 20;

  private final Path folder;
  private final FileChannel lock;

  private MemoryFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  static MemoryFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
      var lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      return new MemoryFolder(folder, lock);
    } catch (IOException e) {
      throw new Unusable(folder + ": cannot be used as the state folder");
    }
  }

  /** Empty at the first meeting; damage is an error and never a first meeting. */
  Optional<Memory> recall(Octets ueid) {
    var file = folder.resolve(ueid + ".memory");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    return switch (Memory.read(InputFile.read(file, MAX))) {
      case Parsed.Valid<Memory>(var memory) -> Optional.of(memory);
      case Parsed.Malformed<Memory>(var reason) ->
          throw new Unusable(
              file + ": damaged, " + reason + "; restore it, or remove it to begin anew");
    };
  }

  void remember(Octets ueid, Memory memory) {
    write(folder.resolve(ueid + ".memory"), memory.encode());
  }

  /** The key of the first policy that was used with this folder stays the auditor's key. */
  void pin(Octets signer) {
    var file = folder.resolve("policy-signer");
    if (Files.notExists(file)) {
      write(file, Octets.sha256(signer.value()).value());
    } else if (!Octets.sha256(signer.value()).holds(InputFile.read(file, MAX))) {
      throw new Unusable(
          file
              + ": the policy is signed by another key than those before; use a folder of its own");
    }
  }

  /** Written beside, synced, and then put in place: a crash leaves the old or the new. */
  private void write(Path file, byte[] content) {
    var beside = folder.resolve(file.getFileName() + ".new");
    try {
      try (var out =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new Unusable(file + ": cannot be written, so nothing was remembered");
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new Unusable(folder + ": the lock does not close");
    }
  }
}
