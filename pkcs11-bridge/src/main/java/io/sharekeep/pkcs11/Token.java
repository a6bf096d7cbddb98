package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.seal.SealFormat;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One token: one partition or slot of an HSM, with its own PIN.
 *
 * <p>Every method may be called from any platform thread and runs on it; never from a virtual
 * thread or an event loop, which a native call would pin. Failures are {@link TokenException}s. A
 * lost session or login is repaired inside, so a caller never sees one.
 */
public interface Token extends AutoCloseable {
  /** The greatest plaintext that {@link #seal} takes, in bytes. */
  int MAX_PLAIN = 1 << 20;

  /**
   * How many bytes {@link #seal} will write for a plaintext of this many bytes. Asks nothing of the
   * token.
   *
   * @throws IllegalArgumentException unless 1 ≤ {@code plainLength} ≤ {@link #MAX_PLAIN}
   */
  int sealedSize(KeyRef kek, int plainLength);

  /** How many bytes {@link #open} needs beyond the plaintext, because some tokens want the room. */
  int openSlack(KeyRef kek);

  /**
   * Seals {@code plain} under {@code kek}.
   *
   * @param plain native memory; only read
   * @param aad what the blob is bound to; it must be given again to open it
   * @param out takes {@link #sealedSize} bytes from its start
   * @return how many bytes were written
   */
  int seal(KeyRef kek, MemorySegment plain, Aad aad, MemorySegment out);

  /**
   * Opens a blob straight into the caller's memory.
   *
   * @param out the caller's slab: native, writable by this thread, at least plaintext plus {@link
   *     #openSlack} bytes. On any failure all of it is zero; on success all beyond the plaintext is
   * @return the length of the plaintext
   * @throws TokenException.SealRejected if the blob, its key or its binding is not what was sealed
   */
  int open(KeyRef kek, MemorySegment sealed, Aad aad, MemorySegment out);

  /**
   * Which key a blob names as the one that opens it: the {@link KeyRef#id} of some generation of
   * the kek, on whichever token. It is only the blob's word until {@link #open} has opened it.
   *
   * @return nothing if this is no blob of ours
   */
  static Optional<String> sealedUnder(MemorySegment sealed) {
    return SealFormat.kekId(sealed);
  }

  /**
   * Signs with ECDSA.
   *
   * @param digest as long as the curve's order: 32 bytes for P-256, 48 for P-384
   * @return r‖s, each as long as the order (IEEE P1363), not DER
   */
  byte[] sign(KeyRef key, Digest digest);

  /** Overwrites all of {@code out}, native memory, with the token's random bytes. */
  void random(MemorySegment out);

  /**
   * Makes a key from the strict template of its kind.
   *
   * @throws TokenException.KeyExists if a key of that name is there already
   */
  KeyRef generate(KeySpec spec);

  /**
   * Finds the one key of a name.
   *
   * @throws TokenException.KeyAmbiguous if there are several
   */
  Optional<KeyRef> find(KeyName name);

  /** Destroys the key for ever, its public half too. */
  void destroy(KeyRef key);

  /** The public half of a signing key. */
  PublicKeyBytes publicKey(KeyRef key);

  /**
   * Reads every attribute that matters and tries what must be refused. The caller judges it by
   * {@link KeyEvidence#violations}. It is the library's word: it proves nothing about hardware.
   */
  KeyEvidence evidence(KeyRef key);

  /** What the library and the token say they are, and how much they were used. */
  TokenReport report();

  /** How it was used since it was opened, for metrics. Asks nothing of the token. */
  TokenStatistics statistics();

  /**
   * Logs in with exactly one attempt, whatever comes of it, and keeps {@code pin} to log in again
   * after a loss.
   *
   * @throws TokenException.PinIncorrect never tried again by itself: tokens lock after a few
   * @throws TokenException.PinLocked if only the security officer can help
   */
  void login(PinSource pin);

  /** Logs out and forgets the PIN's source. */
  void logout();

  /** What the token is able to do now. Never blocks. */
  TokenState state();

  /** Logs out, ends every session and lets go of the library. */
  @Override
  void close();
}
