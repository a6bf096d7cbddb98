package io.sharekeep.pkcs11.cryptoki;

import io.sharekeep.pkcs11.terms.KeyClass;
import io.sharekeep.pkcs11.terms.KeyName;
import io.sharekeep.pkcs11.terms.KeyRef;
import io.sharekeep.pkcs11.terms.SealSuite;

/** As which objects a sealing key lies on the token: it has one name whatever the suite. */
final class SealingKeys {
  private SealingKeys() {}

  /** The object that a name of ours stands for. */
  static KeyName onToken(KeyName name, SealSuite suite) {
    return switch (suite) {
      case GCM, GCM_TOKEN_IV, CBC_HMAC -> name;
      case RSA_OAEP_GCM ->
          name.keyClass() == KeyClass.SECRET ? new KeyName(KeyClass.PRIVATE, name.label()) : name;
    };
  }

  static KeyRef onToken(KeyRef key, SealSuite suite) {
    return new KeyRef(onToken(key.name(), suite), key.id());
  }

  /** The RSA key of suite 4. */
  static KeyRef rsa(KeyRef kek) {
    return onToken(kek, SealSuite.RSA_OAEP_GCM);
  }

  /** The second key of suite 3. */
  static KeyRef mac(KeyRef kek) {
    return new KeyRef(new KeyName(KeyClass.SECRET, kek.name().label() + "-mac"), kek.id());
  }
}
