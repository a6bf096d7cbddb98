package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.cryptoki.Storm.Injection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
    return new Injection(
        "directory away",
        () -> {
          takeAway(directory, seen).act().run();
          sleep(millis);
          bringBack(directory).act().run();
        });
  }

  /** The first half of {@link #absence}. */
  public Injection takeAway(Path directory, boolean seen) {
    return new Injection(
        "take away",
        () ->
            act(() -> {
              move(directory, hidden(directory));
              if (seen) {
                bench.finish();
              }
            }));
  }

  /** The other half. */
  public Injection bringBack(Path directory) {
    return new Injection("bring back", () -> act(() -> move(hidden(directory), directory)));
  }

  /** SoftHSM takes every directory beside it for a token. */
  private static Path hidden(Path directory) {
    return directory.resolve("../..").normalize().resolve("away-" + directory.getFileName());
  }

  /**
   * Does one thing over and over, as often as the lock lets it in; it has begun when this returns.
   */
  public AutoCloseable withoutEnd(Injection injection) {
    var over = new AtomicBoolean();
    injection.act().run();
    var thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!over.get()) {
                injection.act().run();
              }
            });
    return () -> {
      over.set(true);
      thread.join();
    };
  }

  /** What is in a folder. */
  static Set<Path> directories(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return new HashSet<>(all.toList());
    }
  }

  /** The directory of the token of that label among those that were made since. */
  static Path newest(Path folder, Set<Path> before, String label) throws IOException {
    for (var directory : directories(folder)) {
      if (!before.contains(directory)) {
        try (var files = Files.list(directory)) {
          for (var file : files.filter(f -> f.endsWith("token.object")).toList()) {
            var text = Files.readString(file, StandardCharsets.ISO_8859_1);
            if (text.contains(label)) {
              return directory;
            }
          }
        }
      }
    }
    throw new IllegalStateException("no token " + label + " in " + folder);
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
