package io.sharekeep.pkcs11.health;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.pkcs11.Aad;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.TokenException.SealRejected;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;

/**
 * A blob, of nothing secret, that the sealing key made in this process and must open for as long as
 * the token is in use. A token may answer every light call and hold another key by now, under which
 * whatever is sealed is lost once the right one is back.
 */
public final class Canary {
  private static final byte[] PLAIN = "the sealing key is the one that it was".getBytes(US_ASCII);
  private static final Aad BINDING = Aad.of("sharekeep/pulse/v1".getBytes(US_ASCII));

  private final Token token;
  private volatile Optional<KeyRef> inUse = Optional.empty();
  private Optional<Song> song = Optional.empty(); // the pulse's thread only

  private record Song(KeyRef kek, byte[] sealed) {}

  /** What became of a look. */
  public enum Look {
    /** It opened, or no sealing key was used yet. */
    WELL,
    /** The token refused what its own key had sealed. */
    REFUSED
  }

  /** Of a token that seals. */
  public Canary(Token token) {
    this.token = token;
  }

  /** A caller has sealed or opened under this key. */
  public void used(KeyRef kek) {
    inUse = Optional.of(kek);
  }

  /** A key is destroyed and opens nothing more. */
  public void destroyed(KeyRef kek) {
    inUse = inUse.filter(key -> !key.equals(kek));
  }

  /** Whether a key is in use whose blob is still to be made. */
  boolean isNew() {
    var kek = inUse;
    return kek.isPresent() && song.filter(known -> known.kek().equals(kek.get())).isEmpty();
  }

  /** The key that is looked after. */
  Optional<KeyRef> key() {
    return inUse;
  }

  /**
   * Opens the blob of the key in use, which is sealed first if there is none; by the pulse only.
   *
   * @throws io.sharekeep.pkcs11.terms.TokenException as any call, which shows nothing of the key
   */
  Look look() {
    var kek = inUse;
    if (kek.isEmpty()) {
      return Look.WELL;
    }
    var present =
        song.filter(known -> known.kek().equals(kek.get())).orElseGet(() -> seal(kek.get()));
    song = Optional.of(present);
    return opens(present) ? Look.WELL : Look.REFUSED;
  }

  private Song seal(KeyRef kek) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(token.sealedSize(kek, PLAIN.length));
      int length = token.seal(kek, arena.allocateFrom(JAVA_BYTE, PLAIN), BINDING, out);
      return new Song(kek, out.asSlice(0, length).toArray(JAVA_BYTE));
    }
  }

  private boolean opens(Song known) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate((long) PLAIN.length + token.openSlack(known.kek()));
      int length =
          token.open(known.kek(), arena.allocateFrom(JAVA_BYTE, known.sealed()), BINDING, out);
      return Arrays.equals(PLAIN, out.asSlice(0, length).toArray(JAVA_BYTE));
    } catch (SealRejected e) {
      return false;
    }
  }
}
