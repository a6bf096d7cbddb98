package io.sharekeep.enclave.session;

import io.sharekeep.enclave.StartupException;
import io.sharekeep.enclave.TokenPlace;
import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.vault.KekHome;
import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.Backend;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenLibrary;
import io.sharekeep.pkcs11.terms.TokenState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The core token, logged in: what the core asks of it and how it shows that it is the right one.
 */
final class CoreToken implements KekHome, AutoCloseable {
  /** The signing keys of the core token, by the name under which they are remembered. */
  static final Map<String, KeySpec> KEYS =
      Map.of(
          "identity", KeySpec.IDENTITY,
          "log", KeySpec.LOG,
          "attest", KeySpec.ATTEST);

  /** How long a call waits for a lost token where another one can do it. */
  static final Duration SHORT_PATIENCE = Duration.ofSeconds(1);

  /** And where there is none. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Token token;

  private CoreToken(Token token) {
    this.token = token;
  }

  /**
   * Opens and logs in, once.
   *
   * @param hasFallback whether callers need not wait for it to come back
   * @throws StartupException with what to do; a wrong PIN is not tried again
   */
  static CoreToken login(TokenPlace place, boolean hasFallback) {
    try {
      return new CoreToken(login(place, hasFallback ? SHORT_PATIENCE : PATIENCE));
    } catch (TokenException e) {
      throw startup(e);
    }
  }

  private static TokenLibrary library(TokenPlace place) {
    return new TokenLibrary(
        place.library(),
        place.librarySha256(),
        place.parameters(),
        place.profile(),
        Backend.of(place.backend())
            .orElseThrow(() -> new IllegalArgumentException("no backend " + place.backend())));
  }

  /** The same, of any token. */
  static Token login(TokenPlace place, Duration patience) {
    var token =
        Tokens.open(TokenConfiguration.of(library(place), place.label()).patience(patience));
    try {
      token.login(new PinFile(place.pinFile()));
      return token;
    } catch (RuntimeException | Error e) {
      token.close();
      throw e;
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

  @Override
  public Role role() {
    return Role.CORE;
  }

  @Override
  public Optional<Token> token() {
    return Optional.of(token);
  }

  /** The token itself, which is always there once it was at the start. */
  Token itself() {
    return token;
  }

  @Override
  public TokenState state() {
    return token.state();
  }

  /** {@code native} or {@code sunpkcs11}. */
  String backend() {
    return token.report().backend().label();
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

  /**
   * Holds the token against what the state folder remembers of it: every key there once, of its
   * kind in every attribute, with the recorded public key; and each kek opens its canary.
   *
   * @param sealed how many records each kek opens
   * @return what is wrong, in sentences; empty if this is the token
   */
  List<String> objections(TokenRecord expected, List<KekRow> keks, Map<String, Long> sealed) {
    var objections = new ArrayList<String>();
    for (var entry : KEYS.entrySet()) {
      var name = entry.getKey();
      try {
        check(name, entry.getValue(), expected).ifPresent(objections::add);
      } catch (TokenException.KeyAmbiguous | TokenException.KeyMissing e) {
        objections.add(String.valueOf(e.getMessage()));
      }
    }
    objections.addAll(KekProof.objections(token, Role.CORE, keks, sealed));
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
    return Arrays.equals(publicKey(found.get()), expected.publicKey(name))
        ? Optional.empty()
        : Optional.of(
            "the public half of the core token's key " + name + " is not the recorded one");
  }

  @Override
  public void close() {
    token.close();
  }
}
