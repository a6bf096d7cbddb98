package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.EnclaveConfiguration;
import io.sharekeep.enclave.StartupException;
import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The core token, logged in: what the core asks of it and how it shows that it is the right one.
 */
final class CoreToken implements AutoCloseable {
  /** The keys of the core token, by the name under which the state folder remembers them. */
  static final Map<String, KeySpec> KEYS =
      Map.of(
          "kek", KeySpec.KEK,
          "identity", KeySpec.IDENTITY,
          "log", KeySpec.LOG,
          "attest", KeySpec.ATTEST);

  private static final byte[] CANARY = "sharekeep canary: this kek is the one".getBytes(US_ASCII);
  private static final Aad CANARY_BINDING = Aad.of("sharekeep/canary/v1".getBytes(US_ASCII));

  private final Token token;

  private CoreToken(Token token) {
    this.token = token;
  }

  /**
   * Opens and logs in, once.
   *
   * @throws StartupException with what to do; a wrong PIN is not tried again
   */
  static CoreToken login(EnclaveConfiguration configuration) {
    var place = configuration.core();
    try {
      var token = Tokens.open(TokenConfiguration.of(place.library(), place.label()));
      try {
        token.login(new PinFile(place.pinFile()));
        return new CoreToken(token);
      } catch (RuntimeException e) {
        token.close();
        throw e;
      }
    } catch (TokenException e) {
      throw startup(e);
    }
  }

  /** The failure in an operator's words; the message of the token says which token and what. */
  static StartupException startup(TokenException e) {
    var code =
        switch (e) {
          case TokenException.LibraryRejected _, TokenException.ProfileRejected _ ->
              StartupException.Code.LIBRARY_REFUSED;
          case TokenException.TokenAbsent _, TokenException.TokenAmbiguous _ ->
              StartupException.Code.TOKEN_ABSENT;
          case TokenException.PinIncorrect _ -> StartupException.Code.PIN_WRONG;
          case TokenException.PinLocked _ -> StartupException.Code.PIN_LOCKED;
          case TokenException.PinUnreadable _ -> StartupException.Code.PIN_FILE;
          case TokenException.KeyExists _ -> StartupException.Code.ALREADY_PROVISIONED;
          case TokenException.Busy _,
              TokenException.Unavailable _,
              TokenException.LoggedOut _,
              TokenException.KeyMissing _,
              TokenException.KeyAmbiguous _,
              TokenException.KeyWeak _,
              TokenException.SealRejected _,
              TokenException.Unsupported _,
              TokenException.NotWritable _,
              TokenException.TokenFault _ ->
              StartupException.Code.TOKEN_FAULT;
        };
    return new StartupException(code, String.valueOf(e.getMessage()), e);
  }

  Token token() {
    return token;
  }

  /** {@code native} or {@code sunpkcs11}. */
  String backend() {
    return switch (token.report().backend()) {
      case NATIVE -> "native";
      case SUN -> "sunpkcs11";
    };
  }

  KeyRef generate(KeySpec spec) {
    return token.generate(spec);
  }

  byte[] publicKey(KeyRef key) {
    return token.publicKey(key).spki();
  }

  /** ECDSA over the SHA-256 of a structure that the core has built. */
  byte[] sign(KeyRef key, byte[] message) {
    return token.sign(key, Digest.sha256(message));
  }

  /** A blob that only this very kek opens. */
  byte[] sealCanary(KeyRef kek) {
    try (var arena = Arena.ofConfined()) {
      var plain = arena.allocateFrom(ValueLayout.JAVA_BYTE, CANARY);
      var out = arena.allocate(token.sealedSize(kek, CANARY.length));
      int written = token.seal(kek, plain, CANARY_BINDING, out);
      return out.asSlice(0, written).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private boolean opensCanary(KeyRef kek, byte[] sealed) {
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocateFrom(ValueLayout.JAVA_BYTE, sealed);
      var out = arena.allocate((long) CANARY.length + token.openSlack(kek));
      int length = token.open(kek, in, CANARY_BINDING, out);
      return Arrays.equals(CANARY, out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (TokenException.SealRejected e) {
      return false;
    }
  }

  /**
   * Holds the token against what the state folder remembers of it: every key there once, of its
   * kind in every attribute, with the recorded public key; and the canary opens.
   *
   * @return what is wrong, in sentences; empty if this is the token
   */
  List<String> objections(TokenRecord expected) {
    var objections = new ArrayList<String>();
    for (var entry : KEYS.entrySet()) {
      var name = entry.getKey();
      try {
        check(name, entry.getValue(), expected).ifPresent(objections::add);
      } catch (TokenException.KeyAmbiguous | TokenException.KeyMissing e) {
        objections.add(String.valueOf(e.getMessage()));
      }
    }
    if (objections.isEmpty() && !opensCanary(expected.key("kek"), expected.canary())) {
      objections.add(
          "the kek of this token does not open what was sealed at init: it is another token");
    }
    return objections;
  }

  private Optional<String> check(String name, KeySpec spec, TokenRecord expected) {
    var found = token.find(spec.name());
    if (found.isEmpty()) {
      return Optional.of("the core token has no key " + name);
    }
    if (!found.get().equals(expected.key(name))) {
      return Optional.of("the core token's key " + name + " is not the one that init made");
    }
    var violations = token.evidence(found.get()).violations(spec);
    if (!violations.isEmpty()) {
      return Optional.of("the core token's key " + name + ": " + violations);
    }
    if (!name.equals("kek") && !Arrays.equals(publicKey(found.get()), expected.publicKey(name))) {
      return Optional.of(
          "the public half of the core token's key " + name + " is not the recorded one");
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    token.close();
  }
}
