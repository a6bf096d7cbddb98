package io.sharekeep.pkcs11.terms;

import java.nio.file.Path;
import java.util.List;

/**
 * A token did not do what it was asked. One type for each thing that a caller can do about it. The
 * messages are for operators: they name keys, tokens and codes, never data.
 */
public abstract sealed class TokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TokenException(String message) {
    super(message);
  }

  /** Every permit or session was taken for as long as a call waits. */
  public static final class Busy extends TokenException {
    private static final long serialVersionUID = 1L;

    public Busy(String token) {
      super("token '" + token + "' is busy: no free session in time");
    }
  }

  /** The token is lost and three repairs did not bring it back. */
  public static final class Unavailable extends TokenException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String token, String why) {
      super("token '" + token + "' does not answer: " + why);
    }
  }

  /** Nobody is logged in. */
  public static final class LoggedOut extends TokenException {
    private static final long serialVersionUID = 1L;

    public LoggedOut(String token) {
      super("token '" + token + "' is locked: log in first");
    }
  }

  /** The token refused the PIN. It was tried once and is not tried again. */
  public static final class PinIncorrect extends TokenException {
    private static final long serialVersionUID = 1L;

    public PinIncorrect(String token) {
      super(
          "token '"
              + token
              + "' refused the PIN; it was tried once and will not be retried, because tokens lock"
              + " after a few attempts. Correct the PIN file and start again");
    }
  }

  /** The token's PIN is locked. */
  public static final class PinLocked extends TokenException {
    private static final long serialVersionUID = 1L;

    public PinLocked(String token) {
      super("token '" + token + "' has locked its PIN; its security officer must reset it");
    }
  }

  /** The PIN could not be had from where it is kept. */
  public static final class PinUnreadable extends TokenException {
    private static final long serialVersionUID = 1L;

    public PinUnreadable(Path file, String why) {
      super("PIN file " + file + " " + why);
    }
  }

  /** A key that must be there is not. */
  public static final class KeyMissing extends TokenException {
    private static final long serialVersionUID = 1L;

    public KeyMissing(String token, Object key) {
      super("token '" + token + "' has no key " + key);
    }
  }

  /** More than one object answers to a key's name. */
  public static final class KeyAmbiguous extends TokenException {
    private static final long serialVersionUID = 1L;

    public KeyAmbiguous(String token, Object key) {
      super(
          "token '"
              + token
              + "' holds more than one key "
              + key
              + "; remove what does not belong there");
    }
  }

  /** A key that was to be made is there already. */
  public static final class KeyExists extends TokenException {
    private static final long serialVersionUID = 1L;

    public KeyExists(String token, Object key) {
      super("token '" + token + "' already holds a key " + key);
    }
  }

  /** A key is not what its specification demands. */
  public static final class KeyWeak extends TokenException {
    private static final long serialVersionUID = 1L;

    public KeyWeak(String token, KeyRef key, List<KeyEvidence.Violation> violations) {
      super("token '" + token + "', key " + key + ": " + violations);
    }
  }

  /** A blob, its key or its binding is not what was sealed. One outcome, without detail. */
  public static final class SealRejected extends TokenException {
    private static final long serialVersionUID = 1L;

    public SealRejected() {
      super("the sealed blob does not open under this key and binding");
    }
  }

  /** The token lacks something that is needed. */
  public static final class Unsupported extends TokenException {
    private static final long serialVersionUID = 1L;

    public Unsupported(String token, String what) {
      super("token '" + token + "' does not support " + what);
    }
  }

  /** The token answered with a code that nothing here expects. */
  public static final class TokenFault extends TokenException {
    private static final long serialVersionUID = 1L;
    private final long rv;

    public TokenFault(String token, String function, long rv) {
      super("token '" + token + "': " + function + " returned 0x" + Long.toHexString(rv));
      this.rv = rv;
    }

    /** The CK_RV. */
    public long rv() {
      return rv;
    }
  }

  /** The file is not there, is not the pinned one, or is not a PKCS#11 library. */
  public static final class LibraryRejected extends TokenException {
    private static final long serialVersionUID = 1L;

    public LibraryRejected(Path library, String why) {
      super("PKCS#11 library " + library + " " + why);
    }
  }

  /** The library has no token of that label. */
  public static final class TokenAbsent extends TokenException {
    private static final long serialVersionUID = 1L;

    public TokenAbsent(String token, List<String> present) {
      super(
          "no token is labelled '"
              + token
              + "'; the library shows "
              + (present.isEmpty() ? "none" : present)
              + ". Correct the label in the configuration, or show the library its tokens (SoftHSM:"
              + " SOFTHSM2_CONF)");
    }
  }

  /** Several tokens have that label, or one token is to be opened twice. */
  public static final class TokenAmbiguous extends TokenException {
    private static final long serialVersionUID = 1L;

    public TokenAmbiguous(String token, String why) {
      super("token '" + token + "' " + why);
    }
  }

  /** The token has no room for another key, or is write-protected. */
  public static final class NotWritable extends TokenException {
    private static final long serialVersionUID = 1L;

    public NotWritable(String token, String why) {
      super("token '" + token + "' " + why);
    }
  }

  /** A profile file is wrong, or is not for this token. */
  public static final class ProfileRejected extends TokenException {
    private static final long serialVersionUID = 1L;

    public ProfileRejected(String place, String why) {
      super("profile " + place + " " + why);
    }
  }
}
