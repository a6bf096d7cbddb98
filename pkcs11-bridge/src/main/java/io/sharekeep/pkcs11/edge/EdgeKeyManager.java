package io.sharekeep.pkcs11.edge;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** One key, one chain. Issuers are not looked at: peers pin the key and know no authority. */
final class EdgeKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "tls";

  private final HsmKey key;
  private final X509Certificate[] chain;

  EdgeKeyManager(TlsSigner signer) {
    if (signer.chain().isEmpty()) {
      throw new IllegalArgumentException("a signer without certificate cannot do handshakes");
    }
    this.key = new HsmKey(signer);
    this.chain = signer.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return aliases(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return alias.equals(ALIAS) ? chain.clone() : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return alias.equals(ALIAS) ? key : null;
  }

  private static @Nullable String choose(String... keyTypes) {
    return Arrays.asList(keyTypes).contains("EC") ? ALIAS : null;
  }

  private static String @Nullable [] aliases(String keyType) {
    return keyType.equals("EC") ? new String[] {ALIAS} : null;
  }
}
