package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.cryptoki.Storm.Injection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Lock;

/**
 * What befalls a token: each through its library's own functions or files, and under the lock that
 * keeps calls out, because the libraries crash when their ground goes while they stand on it.
 *
 * @param bench the library and the token
 * @param lock kept while it happens
 */
public record Sabotage(Bench bench, Lock lock) {
  /** Of a token in use through the native backend. */
  public static Sabotage of(Bench bench) {
    return new Sabotage(bench, bench.library().lock().writeLock());
  }

  public Injection closeSessions() {
    return new Injection("close sessions", () -> act(bench::closeAllSessions));
  }

  public Injection logout() {
    return new Injection("logout", () -> act(bench::logout));
  }

  public Injection reinitialise() {
    return new Injection("reinitialise", () -> act(bench::finish));
  }

  /**
   * The token's directory is moved away and comes back.
   *
   * @param seen whether the library is finalised too, without which NSS would not notice
   */
  public Injection absence(Path directory, long millis, boolean seen) {
    var away = directory.resolveSibling("away-" + directory.getFileName());
    // SoftHSM takes every directory beside it for a token.
    var hidden = directory.resolve("../..").normalize().resolve(away.getFileName());
    return new Injection(
        "directory away",
        () -> {
          act(() -> {
            move(directory, hidden);
            if (seen) {
              bench.finish();
            }
          });
          sleep(millis);
          act(() -> move(hidden, directory));
        });
  }

  private void act(Runnable harm) {
    lock.lock();
    try {
      harm.run();
    } catch (CkException | NoSuchElementException e) {
      // What was to be taken away is gone already: the repair of the last time is not done yet.
    } finally {
      lock.unlock();
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
