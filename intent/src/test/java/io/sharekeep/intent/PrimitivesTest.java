package io.sharekeep.intent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.DeterministicWallet;
import fr.acinq.bitcoin.KeyPath;
import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import software.sava.core.accounts.PublicKey;

/**
 * What we compute ourselves because the JDK does not, against libraries that are not production's.
 */
class PrimitivesTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(20261122);

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Test
  void keccakIsBouncyCastlesAtEveryLengthAroundTheRate() {
    for (int length = 0; length < 300; length++) {
      var message = random(length);
      var digest = new KeccakDigest(256);
      digest.update(message, 0, length);
      var expected = new byte[32];
      digest.doFinal(expected, 0);
      assertArrayEquals(expected, Keccak.hash256(message), "length " + length);
    }
    assertEquals(
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
        Bytes.of(Keccak.hash256()).hex());
  }

  @Test
  void ripemdIsBouncyCastlesAtEveryLengthAroundTheBlock() {
    for (int length = 0; length < 200; length++) {
      var message = random(length);
      var digest = new RIPEMD160Digest();
      digest.update(message, 0, length);
      var expected = new byte[20];
      digest.doFinal(expected, 0);
      assertArrayEquals(expected, Ripemd160.hash(message), "length " + length);
    }
    assertEquals(
        "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
        Bytes.of(Ripemd160.hash("abc".getBytes(US_ASCII))).hex());
  }

  @Test
  void pointsAreLibsecp256k1s() {
    var library = Secp256k1.get();
    for (int i = 0; i < 20; i++) {
      var secret = random(32);
      var key = Bytes.of(library.pubKeyCompress(library.pubkeyCreate(secret)));
      var point = io.sharekeep.intent.Secp256k1.GENERATOR.multiply(new BigInteger(1, secret));
      assertEquals(key, point.compressed());
      assertEquals(Optional.of(point), io.sharekeep.intent.Secp256k1.Point.decode(key));
      var offset = random(32);
      assertEquals(
          Bytes.of(library.pubKeyCompress(library.pubKeyTweakAdd(key.toArray(), offset))),
          point
              .add(io.sharekeep.intent.Secp256k1.GENERATOR.multiply(new BigInteger(1, offset)))
              .compressed());
      assertTrue(point.multiply(io.sharekeep.intent.Secp256k1.N).isInfinity());
      assertEquals(point.add(point).compressed(), point.multiply(BigInteger.TWO).compressed());
    }
  }

  @Test
  void theRecoveredKeyIsLibsecp256k1s() {
    var library = Secp256k1.get();
    for (int i = 0; i < 20; i++) {
      var secret = random(32);
      var digest = random(32);
      var key = Bytes.of(library.pubKeyCompress(library.pubkeyCreate(secret)));
      var compact = library.sign(digest, secret, null);
      var signature = EcdsaSignature.of(compact);
      int parity = signature.parity(digest, key);
      assertEquals(
          key, Bytes.of(library.pubKeyCompress(library.ecdsaRecover(compact, digest, parity))));
      assertArrayEquals(library.compact2der(compact), signature.der());
      assertThrows(IllegalArgumentException.class, () -> signature.parity(digest, EvmText.OURS));
    }
  }

  @Test
  void aSignatureThatNoChainTakesIsACallersBug() {
    var zero = new byte[64];
    assertThrows(IllegalArgumentException.class, () -> EcdsaSignature.of(zero));
    var high = new byte[64];
    high[31] = 1;
    System.arraycopy(
        Bytes.ofHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1").toArray(),
        0,
        high,
        32,
        32);
    assertThrows(IllegalArgumentException.class, () -> EcdsaSignature.of(high));
    high[63] = (byte) 0xa0; // half the order, rounded down
    assertEquals(BigInteger.ONE, EcdsaSignature.of(high).r());
  }

  @Test
  void derivedKeysAreBitcoinKmps() {
    var parent =
        new DeterministicWallet.ExtendedPublicKey(
            new ByteVector(CorpusLines.GROUP.publicKey().toArray()),
            new ByteVector32(CorpusLines.GROUP.chainCode().toArray()),
            0,
            new KeyPath(""),
            0);
    for (long index : new long[] {0, 1, 7, 1000, Integer.MAX_VALUE}) {
      var expected = DeterministicWallet.derivePublicKey(parent, index);
      var child = CorpusLines.GROUP.child(index).orElseThrow();
      assertEquals(expected.publickeybytes.toHex(), child.publicKey().hex());
      assertEquals(expected.chaincode.toHex(), child.chainCode().hex());
    }
    assertEquals(Optional.empty(), CorpusLines.GROUP.child(1L << 31));
    assertEquals(Optional.empty(), CorpusLines.GROUP.child(-1));
  }

  @Test
  void theTaprootOutputOfBip86sFirstAddressIsThatOfTheBip() {
    assertEquals(
        Optional.of(
            Bytes.ofHex("a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c")),
        io.sharekeep.intent.Secp256k1.taprootOutput(
            Bytes.ofHex("02cc8a4bc64d897bddc5fbc2f670f7a8ba0b386779106cf1223c6fc5d7cd6fc115")));
  }

  @Test
  void tokenAccountsAreSavas() {
    var program = PublicKey.fromBase58Encoded("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
    for (int i = 0; i < 30; i++) {
      var owner = random(32);
      var mint = random(32);
      var expected =
          PublicKey.findProgramAddress(
              List.of(owner, SolanaAddress.TOKEN.toArray(), mint), program);
      assertArrayEquals(
          expected.publicKey().toByteArray(),
          SolanaAddress.associatedToken(Bytes.of(owner), Bytes.of(mint)).toArray());
    }
  }

  @Test
  void whatIsAPointOfEd25519IsBouncyCastles() {
    int points = 0;
    for (int i = 0; i < 60; i++) {
      var bytes = random(32);
      bytes[31] &= 0x3f; // canonical, and the sign of x aside
      boolean point = Ed25519.validatePublicKeyPartial(bytes, 0);
      points += point ? 1 : 0;
      assertEquals(point, SolanaAddress.isOnCurve(bytes));
    }
    assertTrue(points > 10 && points < 50);
  }

  @Test
  void base58IsReadAsItIsWritten() {
    for (int i = 0; i < 30; i++) {
      var bytes = random(i);
      assertArrayEquals(bytes, Base58.decode(Base58.encode(bytes)).orElseThrow());
    }
    assertArrayEquals(new byte[3], Base58.decode("111").orElseThrow());
    assertEquals(Optional.empty(), Base58.decode("0"));
  }

  @Test
  void addressesHaveTheCaseOfEip55() {
    for (var address :
        List.of(
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")) {
      assertEquals(address, EvmAddress.of(Bytes.ofHex(address.substring(2))));
    }
  }
}
