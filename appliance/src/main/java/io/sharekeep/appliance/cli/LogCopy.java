package io.sharekeep.appliance.cli;

import io.sharekeep.attestation.log.Tile;
import io.sharekeep.attestation.note.Checkpoint;
import io.sharekeep.attestation.note.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder that holds a copy of a log: {@code checkpoint} and {@code tile}. */
record LogCopy(Path folder) {
  static final String CHECKPOINT = "checkpoint";
  private static final int HASH_BYTES = 32;

  /** What a note says of a log, before any signature is looked at. */
  static Checkpoint said(byte[] note, String where) {
    return SignedNote.read(note)
        .flatMap(read -> Checkpoint.read(read.text()))
        .orElseThrow(() -> new CliProblem(ExitCode.DENIED, where + " is not a log's checkpoint"));
  }

  boolean exists() {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  byte[] note() {
    try {
      return Files.readAllBytes(folder.resolve(CHECKPOINT));
    } catch (IOException e) {
      throw new CliProblem(
          ExitCode.USAGE,
          folder
              + " holds no copy of a log (no readable file "
              + CHECKPOINT
              + "): audit export"
              + " makes one");
    }
  }

  /** Whether a tile is there whole; a partial one is always fetched anew. */
  boolean has(Tile tile) {
    try {
      return tile.full()
          && Files.size(folder.resolve(tile.path())) == (long) Tile.WIDTH * HASH_BYTES
          && (tile.level() > 0 || Files.size(folder.resolve(tile.entriesPath())) > 0);
    } catch (IOException e) {
      return false;
    }
  }

  /** Never half a file under its name. */
  void write(String name, byte[] bytes) {
    var file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      var fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.write(fresh, bytes);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CliProblem(ExitCode.USAGE, "cannot write " + file + " (" + e.getMessage() + ")");
    }
  }
}
