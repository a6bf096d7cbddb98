package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.softhsm.SoftHsmTokens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** What tests do to a token behind our back: through the same library, past our locks and pools. */
public record Bench(Library library, String label, Path pinFile) implements AutoCloseable {
  static Bench core(SoftHsmTokens tokens) {
    return of(TokenLibrary.at(tokens.library()), tokens.coreLabel(), tokens.corePinFile());
  }

  /** In a library that is initialised through this module, until it is closed. */
  public static Bench of(TokenLibrary library, String label, Path pinFile) {
    return new Bench(Library.acquire(library), label, pinFile);
  }

  /** Behind the back of somebody else who has initialised the library. */
  public static Bench behind(Path library, String label, Path pinFile) {
    var file = LibraryFile.of(library, Optional.empty());
    return new Bench(new Library(file, file.load(), Optional.empty()), label, pinFile);
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

  /** Makes a sealing key of this label whether there is one or not, logged in for itself. */
  public void twin(String label) {
    make(label, (arena, key) -> Templates.aesKey(arena, key, Ck.CKM_AES_GCM, Set.of()));
  }

  /** Makes a sealing key of this label that anybody who is logged in can read. */
  public void readable(String label) {
    make(
        label,
        (arena, key) ->
            Template.in(arena)
                .text(Attribute.LABEL, label)
                .bytes(Attribute.ID, key.idBytes())
                .numbers(Attribute.CLASS, Ck.CKO_SECRET_KEY)
                .numbers(Attribute.KEY_TYPE, Ck.CKK_AES)
                .numbers(Attribute.VALUE_LEN, 32)
                .flags(true, Attribute.TOKEN, Attribute.PRIVATE, Attribute.EXTRACTABLE)
                .flags(true, Attribute.ENCRYPT, Attribute.DECRYPT)
                .flags(false, Attribute.SENSITIVE)
                .build());
  }

  private void make(String label, BiFunction<Arena, KeyRef, Template> template) {
    long slot = slot();
    var pool = new SessionPool(library, false);
    long session = pool.open(slot, true);
    new PinFile(pinFile)
        .<Boolean>withPin(pin -> {
          library.functions().login(session, 1, pin);
          return true;
        });
    try (var arena = Arena.ofConfined()) {
      var id = new byte[16];
      new SecureRandom().nextBytes(id);
      var key = KeyRef.of(new KeyName(KeyClass.SECRET, label), id);
      library
          .functions()
          .generateKey(
              session,
              Mechanism.plain(arena, Ck.CKM_AES_KEY_GEN),
              template.apply(arena, key),
              arena.allocate(8, 8));
    } finally {
      library.functions().closeAllSessions(slot);
    }
  }

  @Override
  public void close() {
    library.release();
  }

  record Raw(Cryptoki functions, long handle, Arena arena) {}
}
