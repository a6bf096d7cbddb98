package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.store.Keks.KekRow;
import io.sharekeep.enclave.store.Keks.State;
import io.sharekeep.enclave.vault.KekHome.Role;
import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes keks, and shows that a token holds those that the state folder remembers of it. */
final class KekProof {
  private static final byte[] CANARY = "sharekeep canary: this kek is the one".getBytes(US_ASCII);
  private static final Aad CANARY_BINDING = Aad.of("sharekeep/canary/v1".getBytes(US_ASCII));

  private KekProof() {}

  /** The key that a row is about. */
  static KeyRef key(KekRow row) {
    return new KeyRef(KeySpec.kek(row.generation()).name(), row.id());
  }

  /**
   * Makes a kek of that generation, or of the next one whose name the token does not know yet: a
   * key that a crash left behind is used by nobody, and is not destroyed either, since only a state
   * folder that was set back may have forgotten what it sealed.
   *
   * @throws TokenException.KeyWeak when what the token made is not as it must be; it is left there
   */
  static KekRow make(Token token, Role role, int generation, Instant now) {
    int free = generation;
    while (token.find(KeySpec.kek(free).name()).isPresent()) {
      free++;
    }
    var spec = KeySpec.kek(free);
    var key = token.generate(spec);
    var violations = token.evidence(key).violations(spec);
    if (!violations.isEmpty()) {
      throw new TokenException.KeyWeak(token.report().label(), key, violations);
    }
    return row(token, role, key, free, now);
  }

  /** A key that was just made, with a blob that only it opens. */
  static KekRow row(Token token, Role role, KeyRef key, int generation, Instant now) {
    return new KekRow(key.id(), role.label(), generation, State.CURRENT, canary(token, key), now);
  }

  private static byte[] canary(Token token, KeyRef kek) {
    try (var arena = Arena.ofConfined()) {
      var plain = arena.allocateFrom(ValueLayout.JAVA_BYTE, CANARY);
      var out = arena.allocate(token.sealedSize(kek, CANARY.length));
      int written = token.seal(kek, plain, CANARY_BINDING, out);
      return out.asSlice(0, written).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static boolean opensCanary(Token token, KekRow row) {
    var key = key(row);
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocateFrom(ValueLayout.JAVA_BYTE, row.canary());
      var out = arena.allocate((long) CANARY.length + token.openSlack(key));
      int length = token.open(key, in, CANARY_BINDING, out);
      return Arrays.equals(CANARY, out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    } catch (TokenException.SealRejected e) {
      return false;
    }
  }

  /**
   * Holds a token against what is remembered of its keks: the one that seals, and on the core token
   * every older one that still opens a record, is there once, as it must be in every attribute, and
   * opens what it sealed when it was made.
   *
   * @param rows of all tokens
   * @param sealed how many records each kek opens
   * @return what is wrong, in sentences; empty if this is the token
   */
  static List<String> objections(
      Token token, Role role, List<KekRow> rows, Map<String, Long> sealed) {
    var objections = new ArrayList<String>();
    for (var row : rows) {
      boolean needed =
          row.state() == State.CURRENT
              || (row.state() == State.RETIRED
                  && role == Role.CORE
                  && sealed.getOrDefault(row.id(), 0L) > 0);
      if (needed && row.token().equals(role.label())) {
        try {
          objection(token, role, row).ifPresent(objections::add);
        } catch (TokenException.KeyAmbiguous | TokenException.KeyMissing e) {
          objections.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return objections;
  }

  private static Optional<String> objection(Token token, Role role, KekRow row) {
    var spec = KeySpec.kek(row.generation());
    var name = "the " + role.label() + " token's key " + spec.name().label();
    var found = token.find(spec.name());
    if (found.isEmpty()) {
      return Optional.of("the " + role.label() + " token has no key " + spec.name().label());
    }
    if (!found.get().id().equals(row.id())) {
      return Optional.of(name + " is not the one that init made");
    }
    var violations = token.evidence(found.get()).violations(spec);
    if (!violations.isEmpty()) {
      return Optional.of(name + ": " + violations);
    }
    return opensCanary(token, row)
        ? Optional.empty()
        : Optional.of(name + " does not open what it sealed when it was made: another token");
  }
}
