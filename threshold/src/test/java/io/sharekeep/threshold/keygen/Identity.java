package io.sharekeep.threshold.keygen;

import io.sharekeep.threshold.PartyId;
import io.sharekeep.threshold.wire.IdentityKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.SortedMap;
import java.util.TreeMap;

/** An identity key in the hands of a test, as the HSM holds one. */
public final class Identity {
  private static final SortedMap<PartyId, Identity> KNOWN = new TreeMap<>();

  private final KeyPair pair;
  private final IdentityKey pin;

  private Identity(KeyPair pair) {
    this.pair = pair;
    this.pin = IdentityKey.parse(pair.getPublic().getEncoded()).valid().orElseThrow();
  }

  /** One key per party and test run. */
  public static synchronized Identity of(PartyId party) {
    return KNOWN.computeIfAbsent(party, _ -> fresh());
  }

  public static Identity fresh() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new Identity(generator.generateKeyPair());
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }

  public IdentityKey pin() {
    return pin;
  }

  public byte[] sign(byte[] message) {
    try {
      var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
