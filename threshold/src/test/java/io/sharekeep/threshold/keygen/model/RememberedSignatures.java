package io.sharekeep.threshold.keygen.model;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The platform's P-256 signatures, each verified once: an exploration asks about the same few a
 * hundred thousand times. While it is open, every use of the algorithm in this JVM comes here.
 */
final class RememberedSignatures extends Provider implements AutoCloseable {
  private static final long serialVersionUID = 1;
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final String NAME = "RememberedSignatures";

  RememberedSignatures() {
    super(NAME, "1", "verifies each signature once");
    putService(new Remembering(this));
    Security.insertProviderAt(this, 1);
  }

  @Override
  public void close() {
    Security.removeProvider(NAME);
  }

  private static final class Remembering extends Provider.Service {
    private final Map<String, Boolean> verified = new HashMap<>();

    Remembering(Provider provider) {
      super(provider, "Signature", ALGORITHM, Spi.class.getName(), List.of(), Map.of());
    }

    @Override
    public Object newInstance(Object parameter) {
      return new Spi(verified);
    }
  }

  private static final class Spi extends SignatureSpi {
    private final Map<String, Boolean> verified;
    private final Signature platform;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private String key = "";

    Spi(Map<String, Boolean> verified) {
      this.verified = verified;
      try {
        this.platform = Signature.getInstance(ALGORITHM, "SunEC");
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
      platform.initVerify(publicKey);
      key = HexFormat.of().formatHex(publicKey.getEncoded());
    }

    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
      platform.initSign(privateKey);
    }

    @Override
    protected void engineUpdate(byte b) {
      message.write(b);
    }

    @Override
    protected void engineUpdate(byte[] b, int off, int len) {
      message.write(b, off, len);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      platform.update(message.toByteArray());
      return platform.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      var question =
          key
              + HexFormat.of().formatHex(message.toByteArray())
              + HexFormat.of().formatHex(signature);
      var known = verified.get(question);
      if (known == null) {
        platform.update(message.toByteArray());
        known = platform.verify(signature);
        verified.put(question, known);
      }
      return known;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String param, Object value) {
      throw new UnsupportedOperationException(param);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String param) {
      throw new UnsupportedOperationException(param);
    }
  }
}
