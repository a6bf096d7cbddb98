package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries with throw-away keys what a token claims to do. It leaves nothing behind on the token, and
 * touches no key that was there.
 */
public final class Trial {
  private static final int SIZE = 20_000;
  private static final Aad BINDING = Aad.of("trial".getBytes(StandardCharsets.US_ASCII));
  private static final Aad OTHER = Aad.of("other".getBytes(StandardCharsets.US_ASCII));

  private final Token token;
  private final String stem;
  private final List<Outcome> outcomes = new ArrayList<>();

  /**
   * One thing that was tried.
   *
   * @param expected what had to come of it
   * @param found what came of it
   */
  public record Outcome(String name, boolean passed, String expected, String found) {
    @Override
    public String toString() {
      return name + " must be " + expected + ", is " + found;
    }
  }

  private Trial(Token token) {
    this.token = token;
    var random = new byte[6];
    new SecureRandom().nextBytes(random);
    this.stem = "trial-" + HexFormat.of().formatHex(random);
  }

  /** A trial of a token that somebody has logged in to. */
  public static Trial of(Token token) {
    return new Trial(token);
  }

  /** Everything that an appliance needs of its tokens. */
  public List<Outcome> all() {
    sealing();
    signing(KeySpec.Kind.SIGNING_P256);
    signing(KeySpec.Kind.SIGNING_P384);
    outcome(
        "random",
        "64 bytes",
        () -> {
          try (var arena = Arena.ofConfined()) {
            var one = arena.allocate(64);
            var two = arena.allocate(64);
            token.random(one);
            token.random(two);
            return one.mismatch(two) == -1 ? "the same bytes twice" : "64 bytes";
          }
        });
    return List.copyOf(outcomes);
  }

  /** Seal and open, and everything that must not open. */
  public List<Outcome> sealing() {
    withKey(
        KeySpec.Kind.SEALING_AES_256,
        key -> {
          try (var arena = Arena.ofConfined()) {
            var bytes = new byte[SIZE];
            new SecureRandom().nextBytes(bytes);
            var plain = arena.allocateFrom(JAVA_BYTE, bytes);
            var sealed = arena.allocate(token.sealedSize(key, SIZE));
            var again = arena.allocate(sealed.byteSize());
            outcome(
                "seal and open",
                "the same bytes",
                () -> {
                  token.seal(key, plain, BINDING, sealed);
                  var out = arena.allocate(SIZE + token.openSlack(key));
                  int length = token.open(key, sealed, BINDING, out);
                  return length == SIZE && plain.mismatch(out.asSlice(0, SIZE)) == -1
                      ? "the same bytes"
                      : "other bytes";
                });
            outcome(
                "seal twice",
                "two blobs",
                () -> {
                  token.seal(key, plain, BINDING, again);
                  boolean same =
                      Arrays.equals(
                          chunk(sealed).toArray(JAVA_BYTE), chunk(again).toArray(JAVA_BYTE));
                  return same ? "the same IV or ciphertext" : "two blobs";
                });
            outcome(
                "open under another binding", "refused", () -> opened(key, arena, sealed, OTHER));
            for (long at :
                new long[] {8, 30, 50, 80, sealed.byteSize() / 2, sealed.byteSize() - 1}) {
              outcome(
                  "open with byte " + at + " changed",
                  "refused",
                  () -> {
                    var changed = arena.allocate(sealed.byteSize()).copyFrom(sealed);
                    changed.set(JAVA_BYTE, at, (byte) (changed.get(JAVA_BYTE, at) ^ 1));
                    return opened(key, arena, changed, BINDING);
                  });
            }
          }
        });
    return List.copyOf(outcomes);
  }

  /** The first bytes behind the header: an IV or a sealed data key. */
  private static MemorySegment chunk(MemorySegment blob) {
    return blob.asSlice(48, 12);
  }

  private String opened(KeyRef key, Arena arena, MemorySegment sealed, Aad aad) {
    try {
      token.open(key, sealed, aad, arena.allocate(SIZE + token.openSlack(key)));
      return "opened";
    } catch (SealRejected e) {
      return "refused";
    }
  }

  private void signing(KeySpec.Kind kind) {
    withKey(
        kind,
        key ->
            outcome(
                kind + ": sign",
                "a signature",
                () -> {
                  boolean p256 = kind == KeySpec.Kind.SIGNING_P256;
                  var message = stem.getBytes(StandardCharsets.US_ASCII);
                  token.sign(key, p256 ? Digest.sha256(message) : Digest.sha384(message));
                  return "a signature"; // evidence verifies one under the public key
                }));
  }

  private void withKey(KeySpec.Kind kind, Consumer<KeyRef> work) {
    var spec = KeySpec.of(stem, kind);
    try {
      var key = token.generate(spec);
      try {
        var evidence = token.evidence(key);
        var violations = evidence.violations(spec);
        outcomes.add(
            new Outcome(
                kind + ": attributes",
                violations.isEmpty(),
                "as demanded",
                violations.isEmpty()
                    ? "as demanded, exempt: " + evidence.exempted(spec)
                    : violations.toString()));
        work.accept(key);
      } finally {
        token.destroy(key);
      }
    } catch (TokenException e) {
      outcomes.add(
          new Outcome(kind + ": key", false, "made and destroyed", String.valueOf(e.getMessage())));
    }
  }

  private void outcome(String name, String expected, Supplier<String> work) {
    String found;
    try {
      found = work.get();
    } catch (TokenException | IllegalStateException e) {
      found = String.valueOf(e.getMessage());
    }
    outcomes.add(new Outcome(name, found.equals(expected), expected, found));
  }
}
