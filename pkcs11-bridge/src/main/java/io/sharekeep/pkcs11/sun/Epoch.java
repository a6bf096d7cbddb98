package io.sharekeep.pkcs11.sun;

import io.sharekeep.pkcs11.PinSource;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.TokenException.KeyAmbiguous;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.login.LoginException;

/**
 * One instance of the provider, its key store and the key objects that belong to it. Once its
 * sessions are dead it is never used again: the provider does not recover, so another is made.
 */
final class Epoch {
  private static final CallbackHandler NO_PIN =
      _ -> {
        throw new IOException("the login is gone");
      };

  private final String token;
  private final Provider provider;
  private volatile KeyStore keys;
  private final Map<String, Key> known = new ConcurrentHashMap<>();

  private Epoch(String token, Provider provider, KeyStore keys) {
    this.token = token;
    this.provider = provider;
    this.keys = keys;
  }

  /**
   * Makes a provider and logs in.
   *
   * @param number part of the provider's name, which must be new each time
   */
  static Epoch begin(
      String token, long number, String name, Configuration configuration, PinSource pin)
      throws GeneralSecurityException, IOException {
    var made = Security.getProvider("SunPKCS11").configure(configuration.inline(name + number));
    return new Epoch(token, made, load(made, pin));
  }

  /**
   * What the provider needs to know.
   *
   * @param parameters what C_Initialize gets, if the library wants anything
   */
  record Configuration(String library, long slot, Optional<String> parameters) {
    private String inline(String name) {
      return "--name = "
          + name
          + "\nlibrary = "
          + quoted(library)
          + "\nslot = "
          + slot
          // Else its sessions are closed by number whenever they are collected, and on tokens that
          // give numbers again those are another instance's by then.
          + "\ndestroyTokenAfterLogout = true"
          + parameters.map(text -> "\nnssArgs = " + quoted(text)).orElse("")
          + "\n";
    }

    private static String quoted(String text) {
      return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
  }

  /** The PIN is on the heap while this runs, in two arrays that are wiped after it. */
  private static KeyStore load(Provider provider, PinSource pin)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS11", provider);
    var failure =
        pin.<Optional<Exception>>withPin(bytes -> {
          var characters = characters(bytes);
          try {
            store.load(null, characters);
            return Optional.empty();
          } catch (GeneralSecurityException | IOException e) {
            return Optional.of(e);
          } finally {
            Arrays.fill(characters, '\0');
          }
        });
    if (failure.isPresent()) {
      switch (failure.get()) {
        case IOException e -> throw e;
        case GeneralSecurityException e -> throw e;
        default -> throw new IllegalStateException(failure.get());
      }
    }
    return store;
  }

  /** One character for each byte, as the provider turns them back; PINs are ASCII. */
  private static char[] characters(MemorySegment bytes) {
    var characters = new char[Math.toIntExact(bytes.byteSize())];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = (char) (bytes.get(ValueLayout.JAVA_BYTE, i) & 0xff);
    }
    return characters;
  }

  Provider provider() {
    return provider;
  }

  /** Looks again for keys, after some were made or destroyed by another process. */
  void refresh() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS11", provider);
    try {
      store.load(null, null); // somebody is logged in
    } catch (ProviderException | IOException e) {
      if (ambiguous(e)) {
        throw new KeyAmbiguous(token, "of one label");
      }
      throw e;
    }
    known.clear();
    keys = store;
  }

  /** Whether the provider refused a whole key store because two keys have one label. */
  static boolean ambiguous(Throwable failure) {
    for (var cause = Optional.of(failure);
        cause.isPresent();
        cause = cause.map(Throwable::getCause)) {
      if (String.valueOf(cause.get().getMessage()).contains("CKA_LABEL")) {
        return true;
      }
    }
    return false;
  }

  /** A secret or private key object of the provider; it holds a handle, never the key. */
  Key key(KeyName name) throws GeneralSecurityException {
    var found = known.get(name.label());
    if (found == null) {
      found = keys.getKey(name.label(), null);
      if (found == null) {
        throw new KeyMissing(token, name);
      }
      if (found.getEncoded() != null) {
        throw new InvalidParameterException("key " + name + " can be read out of the token");
      }
      known.put(name.label(), found);
    }
    return found;
  }

  Certificate certificate(KeyName name) throws GeneralSecurityException {
    var found = keys.getCertificate(name.label());
    if (found == null) {
      throw new KeyMissing(token, "certificate of " + name);
    }
    return found;
  }

  /**
   * Asks the token whether the login still stands; the provider shows no PIN, for it gets none.
   *
   * @throws ProviderException if it does not
   */
  void requireLogin() {
    if (provider instanceof AuthProvider login) {
      try {
        login.login(null, NO_PIN);
      } catch (LoginException e) {
        throw new ProviderException("CKR_USER_NOT_LOGGED_IN", e);
      }
    }
  }

  /** Closes its sessions and logs out, which ends the login of the whole process at this token. */
  void end() {
    if (provider instanceof AuthProvider login) {
      try {
        login.logout();
      } catch (LoginException | ProviderException e) {
        // The token is gone, and the login with it.
      }
    }
  }
}
