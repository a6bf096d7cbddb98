package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sharekeep.pkcs11.health.Locks;
import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import io.sharekeep.pkcs11.terms.TokenException.TokenAmbiguous;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One loaded library: owns C_Initialize and C_Finalize, shared by all tokens of its real path.
 *
 * <p>Lock order: the library's lock, then a login's. Every call reads both; re-initialising writes
 * the library's, which waits until no call is inside any of its tokens.
 */
final class Library {
  /** PKCS#11 keeps its state per process and library, so this map cannot be anybody's own. */
  private static final Map<Path, Library> LOADED = new HashMap<>();

  /** Between two looks for a token that is absent. */
  private static final long REST = Duration.ofMillis(200).toNanos();

  private final LibraryFile file;
  private final Cryptoki functions;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final Object sessions = new Object();
  private final Set<String> claimed = new HashSet<>(); // guarded by this
  private int users; // guarded by this
  private long reinitialisations; // guarded by this
  private boolean ours; // guarded by this; false if somebody else initialised it
  private Optional<String> parameters; // guarded by this
  private volatile long generation;
  private volatile long lookedFor = System.nanoTime() - REST;

  /**
   * Describes a library that is not initialised yet.
   *
   * @param parameters what C_Initialize gets as pReserved
   */
  Library(LibraryFile file, Cryptoki functions, Optional<String> parameters) {
    this.file = file;
    this.functions = functions;
    this.parameters = parameters;
  }

  /** Loads and initialises, or joins those who have. Each call wants one {@link #release}. */
  static Library acquire(TokenLibrary wanted) {
    var file = LibraryFile.of(wanted.path(), wanted.sha256());
    synchronized (LOADED) {
      var library = LOADED.get(file.path());
      if (library == null) {
        library = new Library(file, file.load(), wanted.parameters());
        LOADED.put(file.path(), library);
      } else if (!library.file.sha256().equals(file.sha256())) {
        throw new LibraryRejected(
            wanted.path(), "was replaced since it was loaded; restart the process");
      }
      library.use(wanted.parameters());
      return library;
    }
  }

  /** One more user. */
  synchronized void use() {
    use(parameters);
  }

  private synchronized void use(Optional<String> wanted) {
    if (users == 0) {
      parameters = wanted;
      ours = initialize();
      generation++;
    } else if (!parameters.equals(wanted)) {
      throw new LibraryRejected(
          file.path(), "is in use with other parameters; it can be initialised with one set only");
    }
    users++;
  }

  synchronized void release() {
    users--;
    if (users == 0 && ours) {
      try {
        functions.finish();
      } catch (CkException e) {
        // Somebody finalised it already; there is nothing left to let go of.
      }
    }
  }

  /** One token, one owner: two would log each other out. */
  synchronized void claim(String label, String serial) {
    if (!claimed.add(serial)) {
      throw new TokenAmbiguous(
          label,
          "with serial "
              + serial
              + " is already open in this process; core and edge must be two tokens");
    }
  }

  synchronized void disclaim(String serial) {
    claimed.remove(serial);
  }

  LibraryFile file() {
    return file;
  }

  Cryptoki functions() {
    return functions;
  }

  /** Counts initialisations: a session of an older one may alias another token's by now. */
  long generation() {
    return generation;
  }

  ReadWriteLock lock() {
    return lock;
  }

  /** Held to open or close a session: some libraries crash when two threads do so at once. */
  Object sessions() {
    return sessions;
  }

  /** Starts the library anew unless somebody did since {@code seen}. Drains all its tokens. */
  void reinitialize(long seen, Duration patience) {
    if (enterAnew(seen, patience)) {
      lock.readLock().unlock();
    }
  }

  /**
   * The same, and leaves the caller inside: nobody starts it anew between this and what he does
   * next.
   *
   * @return whether the caller holds the read lock, which he then gives back; if not, a call is
   *     stuck inside, and the attempt that follows will say so
   */
  boolean enterAnew(long seen, Duration patience) {
    var write = lock.writeLock();
    if (!Locks.within(write, patience)) {
      return false;
    }
    try {
      if (generation == seen) {
        startAnew();
      }
      lock.readLock().lock(); // at once, for who holds the other
      return true;
    } finally {
      write.unlock();
    }
  }

  private synchronized void startAnew() {
    try {
      if (ours) {
        functions.finish(); // never under another owner's feet
      }
    } catch (CkException e) {
      // Not initialised is what we may have come to cure.
    }
    ours = initialize();
    generation++;
    reinitialisations++;
  }

  /**
   * The same for a token that is absent, which every waiting call looks for: those who come just
   * after another look are content with that one.
   */
  void look(Duration patience) {
    long now = System.nanoTime();
    if (now - lookedFor >= REST) {
      lookedFor = now;
      reinitialize(generation, patience);
    }
  }

  /** How often it was initialised anew. */
  synchronized long reinitialisations() {
    return reinitialisations;
  }

  private boolean initialize() {
    try (var arena = Arena.ofConfined()) {
      var arguments = arena.allocate(Layouts.INIT_SIZE, 8);
      arguments.set(JAVA_LONG, Layouts.INIT_FLAGS, Ck.CKF_OS_LOCKING_OK);
      parameters.ifPresent(
          text -> arguments.set(ADDRESS, Layouts.INIT_RESERVED, arena.allocateFrom(text)));
      functions.initialize(arguments);
      return true;
    } catch (CkException e) {
      if (e.rv() == Ck.CRYPTOKI_ALREADY_INITIALIZED) {
        return false;
      }
      throw new LibraryRejected(
          file.path(), "does not start: " + e.getMessage() + "; check its own configuration");
    }
  }
}
