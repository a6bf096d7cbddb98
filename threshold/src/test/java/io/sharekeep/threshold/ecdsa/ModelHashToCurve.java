package io.sharekeep.threshold.ecdsa;

import static io.sharekeep.threshold.ecdsa.Model.P;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;

/**
 * RFC 9380 by the words of section 6.6.2: quotients, square roots and if, not the straight line of
 * appendix F.
 */
final class ModelHashToCurve {
  private static final BigInteger A =
      hex("3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533");
  private static final BigInteger B = BigInteger.valueOf(1771);
  private static final BigInteger Z = P.subtract(BigInteger.valueOf(11));
  private static final BigInteger[] X_NUM = {
    hex("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7"),
    hex("7d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581"),
    hex("534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262"),
    hex("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c")
  };
  private static final BigInteger[] X_DEN = {
    hex("d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b"),
    hex("edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14"),
    BigInteger.ONE
  };
  private static final BigInteger[] Y_NUM = {
    hex("4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c"),
    hex("c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3"),
    hex("29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931"),
    hex("2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84")
  };
  private static final BigInteger[] Y_DEN = {
    hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b"),
    hex("7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573"),
    hex("6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f"),
    BigInteger.ONE
  };

  private ModelHashToCurve() {}

  static ECPoint hash(byte[] message, String dst) {
    var uniform = expand(message, dst, 96);
    var u0 = new BigInteger(1, Arrays.copyOf(uniform, 48)).mod(P);
    var u1 = new BigInteger(1, Arrays.copyOfRange(uniform, 48, 96)).mod(P);
    return map(u0).add(map(u1)).normalize();
  }

  private static byte[] expand(byte[] message, String dst, int length) {
    var tag = dst.getBytes(StandardCharsets.US_ASCII);
    var prime = Model.concat(tag, new byte[] {(byte) tag.length});
    var zero = sha256(Model.concat(new byte[64], message, new byte[] {0, (byte) length, 0}, prime));
    var out = new ByteArrayOutputStream();
    var block = new byte[32];
    for (int i = 1; out.size() < length; i++) {
      block = sha256(Model.concat(Model.xor(zero, block), new byte[] {(byte) i}, prime));
      out.writeBytes(block);
    }
    return out.toByteArray();
  }

  private static ECPoint map(BigInteger u) {
    var zu2 = Z.multiply(u).multiply(u).mod(P);
    var denominator = zu2.multiply(zu2).add(zu2).mod(P);
    var x1 =
        denominator.signum() == 0
            ? B.multiply(Z.multiply(A).modInverse(P)).mod(P)
            : B.negate()
                .multiply(A.modInverse(P))
                .multiply(BigInteger.ONE.add(denominator.modInverse(P)))
                .mod(P);
    var x = isSquare(g(x1)) ? x1 : zu2.multiply(x1).mod(P);
    var y = g(x).modPow(P.add(BigInteger.ONE).shiftRight(2), P);
    y = y.testBit(0) == u.testBit(0) ? y : P.subtract(y);
    return Model.G.getCurve()
        .createPoint(
            at(X_NUM, x).multiply(at(X_DEN, x).modInverse(P)).mod(P),
            y.multiply(at(Y_NUM, x)).multiply(at(Y_DEN, x).modInverse(P)).mod(P));
  }

  private static BigInteger g(BigInteger x) {
    return x.pow(3).add(A.multiply(x)).add(B).mod(P);
  }

  private static boolean isSquare(BigInteger a) {
    return a.signum() == 0 || a.modPow(P.shiftRight(1), P).equals(BigInteger.ONE);
  }

  private static BigInteger at(BigInteger[] coefficients, BigInteger x) {
    var sum = BigInteger.ZERO;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      sum = sum.multiply(x).add(coefficients[i]).mod(P);
    }
    return sum;
  }

  private static BigInteger hex(String digits) {
    return new BigInteger(digits, 16);
  }

  private static byte[] sha256(byte[] message) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(message);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
