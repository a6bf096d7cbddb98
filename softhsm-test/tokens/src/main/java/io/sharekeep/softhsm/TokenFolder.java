package io.sharekeep.softhsm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder in which SoftHSM keeps one token: moved away, the token is gone. */
public final class TokenFolder implements AutoCloseable {
  private final Path here;
  private final Path away;

  private TokenFolder(Path here) {
    this.here = here;
    this.away = here.resolveSibling("../" + here.getFileName() + ".away").normalize();
  }

  /**
   * Of the token with that label, which is there.
   *
   * @param home where it lives
   */
  public static TokenFolder of(SoftHsm home, String label) {
    var all = home.configuration().resolveSibling("softhsm");
    try (var folders = Files.list(all)) {
      return folders
          .filter(folder -> holds(folder.resolve("token.object"), label))
          .map(TokenFolder::new)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no token " + label + " in " + all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean holds(Path token, String label) {
    try {
      return new String(Files.readAllBytes(token), ISO_8859_1).contains(label + " ");
    } catch (IOException e) {
      return false; // Another test class has just deleted it.
    }
  }

  /** A library that was initialised before sees it no more. */
  public void takeAway() {
    move(here, away);
  }

  /** As it was. */
  public void bringBack() {
    move(away, here);
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves it where it was. */
  @Override
  public void close() {
    if (Files.exists(away)) {
      bringBack();
    }
  }
}
