package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.EcdsaDer;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenState;
import java.security.cert.X509Certificate;
import java.util.List;

/** Signs with the edge token's {@code tls} key and with no other. Safe for any thread. */
public interface TlsSigner {
  /**
   * Signs with ECDSA on P-256.
   *
   * @param digest SHA-256, 32 bytes
   * @return r‖s, 64 bytes (IEEE P1363)
   */
  byte[] sign(Digest digest);

  /** The same, encoded as certificates and TLS want it: a DER SEQUENCE of two INTEGERs. */
  default byte[] signDer(Digest digest) {
    return EcdsaDer.encode(sign(digest));
  }

  /** The public half of the key. */
  PublicKeyBytes publicKey();

  /** The certificate and what it chains to; empty before one was installed. */
  List<X509Certificate> chain();

  /** What the edge token is able to do now. */
  TokenState state();
}
