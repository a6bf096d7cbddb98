package io.sharekeep.pkcs11.edge;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import org.jspecify.annotations.Nullable;

/** Stands for the {@code tls} key where JSSE wants a private key. It has no encoding. */
final class HsmKey implements PrivateKey, ECKey {
  private static final long serialVersionUID = 1L;
  private final transient TlsSigner signer;
  private final transient ECParameterSpec parameters;

  HsmKey(TlsSigner signer) {
    if (!(signer.publicKey().decoded() instanceof ECPublicKey publicKey)) {
      throw new IllegalArgumentException("not an EC key");
    }
    this.signer = signer;
    this.parameters = publicKey.getParams();
  }

  TlsSigner signer() {
    return signer;
  }

  @Override
  public String getAlgorithm() {
    return "EC";
  }

  @Override
  public @Nullable String getFormat() {
    return null;
  }

  @Override
  public byte @Nullable [] getEncoded() {
    return null;
  }

  @Override
  public ECParameterSpec getParams() {
    return parameters;
  }

  @SuppressWarnings("unused") // called by serialisation, which must not happen
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(HsmKey.class.getName());
  }

  @Override
  public String toString() {
    return "HsmKey[tls]";
  }
}
