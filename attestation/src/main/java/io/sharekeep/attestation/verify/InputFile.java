package io.sharekeep.attestation.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files that a user named, up to a size. */
final class InputFile {
  private InputFile() {}

  static byte[] read(Path file, int maxBytes) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new Unusable(file + ": longer than " + maxBytes + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new Unusable(file + ": there is no such file");
    } catch (IOException e) {
      throw new Unusable(file + ": cannot be read");
    }
  }

  /** A file that a document names: in the document's own folder, and nowhere else. */
  static Path beside(Path document, String name) {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")) {
      throw new Unusable(document + ": " + name + " is no plain file name");
    }
    return document.resolveSibling(name);
  }
}
