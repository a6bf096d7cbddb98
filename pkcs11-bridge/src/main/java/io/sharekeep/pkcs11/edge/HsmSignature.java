package io.sharekeep.pkcs11.edge;

import io.sharekeep.pkcs11.terms.Digest;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** SHA256withECDSA over an {@link HsmKey}: hashes here, signs in the token. It cannot verify. */
final class HsmSignature extends SignatureSpi {
  private final EdgeSignatures threads;
  private final MessageDigest sha256;
  private Optional<HsmKey> key = Optional.empty();

  HsmSignature(EdgeSignatures threads) throws NoSuchAlgorithmException {
    this.threads = threads;
    this.sha256 = MessageDigest.getInstance("SHA-256");
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    if (!(privateKey instanceof HsmKey hsmKey)) {
      throw new InvalidKeyException("only the token's own key");
    }
    key = Optional.of(hsmKey);
    sha256.reset();
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    throw new InvalidKeyException("this provider only signs");
  }

  @Override
  protected void engineUpdate(byte b) {
    sha256.update(b);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    var signing = key.orElseThrow(() -> new SignatureException("not initialised"));
    return threads.sign(signing.signer(), Digest.of(sha256.digest()));
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    throw new SignatureException("this provider only signs");
  }

  @Override
  protected void engineSetParameter(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException("ECDSA takes no parameters");
    }
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // overrides what the JDK deprecated
  protected void engineSetParameter(String name, Object value) {
    throw new InvalidParameterException("ECDSA takes no parameters");
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String name) {
    throw new InvalidParameterException("ECDSA has no parameters");
  }
}
