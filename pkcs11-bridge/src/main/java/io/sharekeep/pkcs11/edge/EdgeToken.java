package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.PinFile;
import io.sharekeep.pkcs11.Token;
import io.sharekeep.pkcs11.TokenConfiguration;
import io.sharekeep.pkcs11.Tokens;
import io.sharekeep.pkcs11.terms.Digest;
import io.sharekeep.pkcs11.terms.KeyEvidence;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.KeySpec;
import io.sharekeep.pkcs11.terms.PublicKeyBytes;
import io.sharekeep.pkcs11.terms.TokenException;
import io.sharekeep.pkcs11.terms.TokenException.KeyMissing;
import io.sharekeep.pkcs11.terms.TokenException.KeyWeak;
import io.sharekeep.pkcs11.terms.TokenReport;
import io.sharekeep.pkcs11.terms.TokenState;
import io.sharekeep.pkcs11.terms.TokenStatistics;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * The edge token, logged in and with its {@code tls} key proven to be what it must be. It signs
 * with that key; it offers no other and can neither open nor seal.
 *
 * <p>Calls block while the token works; never make one on an event loop or a virtual thread. {@link
 * EdgeTls} does its own on threads of its own.
 */
public final class EdgeToken implements TlsSigner, AutoCloseable {
  private static final int PERMITS = 4;

  private final Token token;
  private final KeyRef key;
  private final PublicKeyBytes publicKey;
  private final KeyEvidence evidence;

  private EdgeToken(Token token, KeyRef key) {
    this.token = token;
    this.key = key;
    this.evidence = token.evidence(key);
    var violations = evidence.violations(KeySpec.TLS);
    if (!violations.isEmpty()) {
      throw new KeyWeak(token.report().label(), key, violations);
    }
    this.publicKey = token.publicKey(key);
  }

  /**
   * Opens and logs in with one attempt.
   *
   * @throws TokenException one of its kinds, whose message says what is wrong and what to do; among
   *     them {@link KeyMissing} before {@link #provision}
   */
  public static EdgeToken open(EdgeConfiguration configuration) {
    return open(configuration, false);
  }

  /** The same, making the {@code tls} key first if there is none. */
  public static EdgeToken provision(EdgeConfiguration configuration) {
    return open(configuration, true);
  }

  private static EdgeToken open(EdgeConfiguration configuration, boolean mayGenerate) {
    var token =
        Tokens.open(
            TokenConfiguration.of(configuration.library(), configuration.tokenLabel())
                .permits(PERMITS));
    try {
      token.login(new PinFile(configuration.pinFile()));
      var found = token.find(KeySpec.TLS.name());
      if (found.isEmpty() && !mayGenerate) {
        throw new KeyMissing(configuration.tokenLabel(), KeySpec.TLS.name());
      }
      return new EdgeToken(token, found.orElseGet(() -> token.generate(KeySpec.TLS)));
    } catch (RuntimeException | Error e) {
      token.close();
      throw e;
    }
  }

  @Override
  public byte[] sign(Digest digest) {
    return token.sign(key, digest);
  }

  @Override
  public PublicKeyBytes publicKey() {
    return publicKey;
  }

  /** Empty: certificates are added by {@link #certified}. */
  @Override
  public List<X509Certificate> chain() {
    return List.of();
  }

  @Override
  public TokenState state() {
    return token.state();
  }

  /** What the token said of the key when it was opened. */
  public KeyEvidence evidence() {
    return evidence;
  }

  /** What library and token say they are. */
  public TokenReport report() {
    return token.report();
  }

  /** How it was used, for metrics. */
  public TokenStatistics statistics() {
    return token.statistics();
  }

  /**
   * The same signer, with the certificate that it shows to peers.
   *
   * @param chain the leaf first
   * @throws IllegalArgumentException if the leaf is not for this key
   */
  public TlsSigner certified(List<X509Certificate> chain) {
    if (chain.isEmpty()
        || !Arrays.equals(chain.getFirst().getPublicKey().getEncoded(), publicKey.spki())) {
      throw new IllegalArgumentException(
          "the certificate is not for the tls key of this token; make it anew with this key");
    }
    return new Certified(this, List.copyOf(chain));
  }

  /** Logs out. Signers made from this one stop working. */
  @Override
  public void close() {
    token.close();
  }

  private record Certified(EdgeToken token, List<X509Certificate> chain) implements TlsSigner {
    @Override
    public byte[] sign(Digest digest) {
      return token.sign(digest);
    }

    @Override
    public PublicKeyBytes publicKey() {
      return token.publicKey();
    }

    @Override
    public TokenState state() {
      return token.state();
    }
  }
}
