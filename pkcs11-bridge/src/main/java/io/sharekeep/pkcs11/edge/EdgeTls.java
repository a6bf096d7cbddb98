package io.sharekeep.pkcs11.edge;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Lets JSSE sign handshakes with the edge token. Call {@link #register} once before the first
 * handshake: JSSE looks signatures up among the registered providers only, and without ours a
 * handshake ends in {@code internal_error}.
 */
public final class EdgeTls {
  private static final String NAME = "SharekeepEdge";

  private EdgeTls() {}

  /**
   * Appends the provider to the JVM's list unless it is there. It goes last and takes no key but
   * ours, so nothing else reaches the token.
   */
  public static void register() {
    Security.addProvider(new EdgeProvider()); // does nothing if the name is there
  }

  /** Shows the signer's chain to every peer that accepts EC keys, as server and as client. */
  public static X509ExtendedKeyManager keyManager(TlsSigner signer) {
    return new EdgeKeyManager(signer);
  }

  private static final class EdgeProvider extends Provider {
    private static final long serialVersionUID = 1L;

    EdgeProvider() {
      super(NAME, "1.0", "ECDSA with the edge token's TLS key");
      putService(new EdgeService(this, new EdgeSignatures()));
    }
  }

  private static final class EdgeService extends Provider.Service {
    private final EdgeSignatures threads;

    EdgeService(Provider provider, EdgeSignatures threads) {
      super(
          provider,
          "Signature",
          "SHA256withECDSA",
          HsmSignature.class.getName(),
          List.of(),
          Map.of("SupportedKeyClasses", HsmKey.class.getName()));
      this.threads = threads;
    }

    @Override
    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
      return new HsmSignature(threads);
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return parameter instanceof HsmKey;
    }
  }
}
