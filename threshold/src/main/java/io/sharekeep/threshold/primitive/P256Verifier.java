package io.sharekeep.threshold.primitive;

import io.sharekeep.threshold.foreign.Crypto;
import io.sharekeep.threshold.foreign.CryptoLibrary;
import io.sharekeep.threshold.foreign.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/**
 * ECDSA over P-256 with SHA-256, FIPS 186-5 section 6.4.2, under one public key. libcrypto does it
 * where it is there, since the JDK takes several times as long, and certificates are most of what a
 * key generation verifies; the JDK otherwise. Both must accept the key before either is used.
 */
public sealed interface P256Verifier {
  /** Bytes of a signature r ‖ s. */
  int SIGNATURE_LENGTH = 64;

  /** ECDSA over SHA-256 of {@code message}; false for a signature that is not 64 bytes. */
  boolean verifies(byte[] message, byte[] signature);

  /**
   * @param spki the DER SubjectPublicKeyInfo of an uncompressed P-256 point
   * @return empty when it is not a point of the curve
   */
  static Optional<P256Verifier> of(byte[] spki) {
    return Java.of(spki)
        .flatMap(java ->
            CryptoLibrary.load() instanceof NativeLibrary.Loaded
                ? Native.of(spki)
                : Optional.of(java));
  }

  /** By libcrypto. */
  record Native(MemorySegment key) implements P256Verifier {
    static Optional<P256Verifier> of(byte[] spki) {
      return Crypto.publicKey(spki).map(Native::new);
    }

    @Override
    public boolean verifies(byte[] message, byte[] signature) {
      return signature.length == SIGNATURE_LENGTH
          && Crypto.verifies(key, sha256(message), der(signature));
    }

    private static byte[] sha256(byte[] message) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(message);
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException("every Java platform has SHA-256", impossible);
      }
    }

    /** SEQUENCE of two INTEGERs, each minimal and positive: RFC 3279 section 2.2.3. */
    private static byte[] der(byte[] signature) {
      var r = integer(signature, 0);
      var s = integer(signature, SIGNATURE_LENGTH / 2);
      var der = new byte[2 + r.length + s.length];
      der[0] = 0x30;
      der[1] = (byte) (r.length + s.length);
      System.arraycopy(r, 0, der, 2, r.length);
      System.arraycopy(s, 0, der, 2 + r.length, s.length);
      return der;
    }

    private static byte[] integer(byte[] signature, int from) {
      int end = from + SIGNATURE_LENGTH / 2;
      int first = from;
      while (first < end - 1 && signature[first] == 0) {
        first++;
      }
      int sign = signature[first] < 0 ? 1 : 0;
      var integer = new byte[2 + sign + end - first];
      integer[0] = 0x02;
      integer[1] = (byte) (sign + end - first);
      System.arraycopy(signature, first, integer, 2 + sign, end - first);
      return integer;
    }
  }

  /** By the JDK. */
  record Java(PublicKey key) implements P256Verifier {
    static Optional<P256Verifier> of(byte[] spki) {
      try {
        var key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
        return key instanceof ECPublicKey ec && isOnCurve(ec)
            ? Optional.of(new Java(key))
            : Optional.empty();
      } catch (InvalidKeySpecException offCurve) {
        return Optional.empty();
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException("this Java platform has no EC", impossible);
      }
    }

    /** The JDK finds out only when it verifies (25.0.3). */
    private static boolean isOnCurve(ECPublicKey key) {
      var curve = key.getParams().getCurve();
      var p = ((ECFieldFp) curve.getField()).getP();
      var x = key.getW().getAffineX();
      var y = key.getW().getAffineY();
      var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
      return x.signum() >= 0
          && x.compareTo(p) < 0
          && y.signum() >= 0
          && y.compareTo(p) < 0
          && y.multiply(y).subtract(right).mod(p).signum() == 0;
    }

    @Override
    public boolean verifies(byte[] message, byte[] signature) {
      if (signature.length != SIGNATURE_LENGTH) {
        return false;
      }
      try {
        var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
        verifier.initVerify(key);
        verifier.update(message);
        return verifier.verify(signature);
      } catch (SignatureException malformed) {
        return false;
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException("this Java platform has no P-256 ECDSA", impossible);
      }
    }
  }
}
