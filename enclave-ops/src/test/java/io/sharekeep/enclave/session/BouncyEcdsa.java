package io.sharekeep.enclave.session;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/** ECDSA on secp256k1 by BouncyCastle alone. */
final class BouncyEcdsa {
  private BouncyEcdsa() {}

  /**
   * @param signature r ‖ s
   */
  static boolean verifies(byte[] publicKey, byte[] digest, byte[] signature) {
    var curve = SECNamedCurves.getByName("secp256k1");
    var domain = new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN());
    var signer = new ECDSASigner();
    signer.init(false, new ECPublicKeyParameters(curve.getCurve().decodePoint(publicKey), domain));
    return signer.verifySignature(
        digest,
        new BigInteger(1, Arrays.copyOf(signature, 32)),
        new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)));
  }
}
