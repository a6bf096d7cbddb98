package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.profile.Identity;
import io.sharekeep.pkcs11.profile.Profiles;
import io.sharekeep.pkcs11.terms.TokenException.LibraryRejected;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a library and its tokens say of themselves before anybody logs in.
 *
 * @param path the real path that was loaded
 * @param cryptoki the version of PKCS#11 that it speaks
 */
public record Inspection(
    String path,
    String sha256,
    String cryptoki,
    String manufacturer,
    String description,
    String version,
    List<Found> tokens) {
  private static final long RNG = 0x1;
  private static final long WRITE_PROTECTED = 0x2;
  private static final long LOGIN_REQUIRED = 0x4;
  private static final long USER_PIN_INITIALIZED = 0x8;
  private static final long USER_PIN_COUNT_LOW = 0x1_0000;
  private static final long USER_PIN_FINAL_TRY = 0x2_0000;
  private static final long USER_PIN_LOCKED = 0x4_0000;

  public Inspection {
    tokens = List.copyOf(tokens);
  }

  /**
   * One token.
   *
   * @param slot its number now; it may change at any time
   * @param maxSessions 0 or −1 if unknown or without limit
   * @param mechanisms CK_MECHANISM_TYPE values, ascending
   * @param profile the one it would get
   */
  public record Found(
      long slot,
      String label,
      String manufacturer,
      String model,
      String serial,
      String hardware,
      String firmware,
      long flags,
      long maxSessions,
      List<Long> mechanisms,
      Profiles.Chosen profile) {
    public boolean random() {
      return (flags & RNG) != 0;
    }

    public boolean writeProtected() {
      return (flags & WRITE_PROTECTED) != 0;
    }

    public boolean loginRequired() {
      return (flags & LOGIN_REQUIRED) != 0;
    }

    public boolean pinSet() {
      return (flags & USER_PIN_INITIALIZED) != 0;
    }

    /** Whether a wrong PIN was tried since the last right one. */
    public boolean pinTried() {
      return (flags & (USER_PIN_COUNT_LOW | USER_PIN_FINAL_TRY)) != 0;
    }

    public boolean pinLocked() {
      return (flags & USER_PIN_LOCKED) != 0;
    }
  }

  /**
   * Loads and initialises the library, looks around and lets go of it.
   *
   * @param stage is told of each step before it is taken: a library may end the process
   * @throws LibraryRejected if it is not what it should be
   */
  public static Inspection of(TokenLibrary wanted, Consumer<String> stage) {
    stage.accept("loading and C_Initialize");
    var library = Library.acquire(wanted);
    try (var arena = Arena.ofConfined()) {
      stage.accept("C_GetInfo");
      var about = arena.allocate(Layouts.INFO_SIZE, 8);
      library.functions().info(about);
      var description = TokenInfo.text(about, Layouts.INFO_DESCRIPTION, 32);
      var version = TokenInfo.version(about, Layouts.INFO_LIBRARY_VERSION);
      var path = library.file().path().toString();
      stage.accept("C_GetSlotList and C_GetTokenInfo");
      var tokens =
          Slots.tokens(library.functions()).stream()
              .map(token -> found(library, path, description, version, token, wanted))
              .toList();
      return new Inspection(
          path,
          library.file().sha256(),
          TokenInfo.version(about, Layouts.INFO_VERSION),
          TokenInfo.text(about, Layouts.INFO_MANUFACTURER, 32),
          description,
          version,
          tokens);
    } catch (CkException e) {
      throw new LibraryRejected(wanted.path(), "does not answer: " + e.getMessage());
    } finally {
      stage.accept("C_Finalize");
      library.release();
    }
  }

  private static Found found(
      Library library,
      String path,
      String description,
      String version,
      TokenInfo token,
      TokenLibrary wanted) {
    var identity = new Identity(path, token.manufacturer(), token.model(), description, version);
    return new Found(
        token.slot(),
        token.label(),
        token.manufacturer(),
        token.model(),
        token.serial(),
        token.hardwareVersion(),
        token.firmwareVersion(),
        token.flags(),
        token.maxSessions(),
        Slots.mechanisms(library.functions(), token.slot()),
        Profiles.choose(identity, wanted.profile()));
  }
}
