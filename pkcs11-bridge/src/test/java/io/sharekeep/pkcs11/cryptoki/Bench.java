package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsmTokens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What tests do to a token behind our back: through the same library, past our locks and pools. */
record Bench(Library library, String label, Path pinFile) implements AutoCloseable {
  static Bench core(SoftHsmTokens tokens) {
    return new Bench(
        Library.acquire(TokenLibrary.at(tokens.library())),
        tokens.coreLabel(),
        tokens.corePinFile());
  }

  NativeToken open() {
    var token = closed();
    token.login(new PinFile(pinFile));
    return token;
  }

  NativeToken closed() {
    return NativeToken.open(TokenConfiguration.of(library.file().path(), label));
  }

  long slot() {
    return Slots.tokens(library.functions()).stream()
        .filter(token -> token.label().equals(label))
        .findFirst()
        .orElseThrow()
        .slot();
  }

  void closeAllSessions() {
    library.functions().closeAllSessions(slot());
  }

  /** Ends the login of the whole process, and leaves the sessions. */
  void logout() {
    inSession(session -> library.functions().logout(session.handle()));
  }

  /** Leaves an uninitialised library behind. */
  void finish() {
    library.functions().finish();
  }

  /** Works on the token's objects in a read-write session of its own; somebody is logged in. */
  void inSession(Consumer<Raw> work) {
    var pool = new SessionPool(library, false);
    long session = pool.open(slot(), true);
    try (var arena = Arena.ofConfined()) {
      work.accept(new Raw(library.functions(), session, arena));
    } finally {
      pool.close(session);
    }
  }

  @Override
  public void close() {
    library.release();
  }

  record Raw(Cryptoki functions, long handle, Arena arena) {}
}
