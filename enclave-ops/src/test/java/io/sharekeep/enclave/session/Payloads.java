package io.sharekeep.enclave.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.enclave.KeyDescription;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;

/** Unsigned transactions that spend from a given key: real layouts, made-up amounts. */
final class Payloads {
  /** A destination that anybody can check to be a point: x of secp256k1's generator. */
  private static final byte[] GENERATOR_X =
      HexFormat.of().parseHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  private Payloads() {}

  static byte[] of(KeyDescription key, SplittableRandom random) {
    byte[] publicKey = HexFormat.of().parseHex(key.publicKeyHex());
    return switch (key.scheme()) {
      case FROST_ED25519 -> solana(publicKey, random);
      case FROST_SECP256K1_TR -> bitcoin(outputKey(publicKey), 1, random);
      case DKLS23_SECP256K1 -> p2wpkh(publicKey, 1, random);
    };
  }

  /** A PSBT that spends {@code inputs} P2WPKH outputs of one key, each with its transaction. */
  static byte[] p2wpkh(byte[] publicKey, int inputs, SplittableRandom random) {
    return witness(hash160(publicKey), inputs, random, _ -> new byte[0]);
  }

  /**
   * The same, with a field of the keys that own the inputs.
   *
   * @param hint of each input: fields of its map, encoded
   */
  static byte[] witness(
      byte[] keyHash, int inputs, SplittableRandom random, IntFunction<byte[]> hint) {
    var script = new ByteArrayOutputStream();
    script.writeBytes(new byte[] {0, 20});
    script.writeBytes(keyHash);
    var previous = new ArrayList<byte[]>();
    for (int i = 0; i < inputs; i++) {
      var before = new ByteArrayOutputStream();
      before.writeBytes(new byte[] {2, 0, 0, 0, 1});
      before.writeBytes(bytes(random, 36));
      before.writeBytes(new byte[] {0, -1, -1, -1, -1, 1});
      before.writeBytes(scripted(100_000, script.toByteArray()));
      before.writeBytes(new byte[4]);
      previous.add(before.toByteArray());
    }
    var tx = new ByteArrayOutputStream();
    tx.writeBytes(new byte[] {2, 0, 0, 0, (byte) inputs});
    for (var before : previous) {
      tx.writeBytes(sha256(sha256(before)));
      tx.writeBytes(new byte[] {0, 0, 0, 0, 0, (byte) 0xfd, -1, -1, -1});
    }
    tx.write(1);
    tx.writeBytes(output(90_000L * inputs, GENERATOR_X));
    tx.writeBytes(new byte[4]);
    var psbt = new ByteArrayOutputStream();
    psbt.writeBytes(HexFormat.of().parseHex("70736274ff"));
    field(psbt, new byte[] {0}, tx.toByteArray());
    psbt.write(0);
    for (int i = 0; i < inputs; i++) {
      field(psbt, new byte[] {0}, previous.get(i));
      field(psbt, new byte[] {1}, scripted(100_000, script.toByteArray()));
      psbt.writeBytes(hint.apply(i));
      psbt.write(0);
    }
    psbt.write(0);
    return psbt.toByteArray();
  }

  /** A field of a PSBT: the key at a path. */
  static byte[] derivation(byte[] publicKey, List<Integer> path) {
    var key = new ByteArrayOutputStream();
    key.write(6);
    key.writeBytes(publicKey);
    var value = ByteBuffer.allocate(4 + 4 * path.size()).order(ByteOrder.LITTLE_ENDIAN).putInt(7);
    path.forEach(value::putInt);
    var out = new ByteArrayOutputStream();
    field(out, key.toByteArray(), value.array());
    return out.toByteArray();
  }

  private static byte[] scripted(long amount, byte[] script) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(amount).array());
    out.write(script.length);
    out.writeBytes(script);
    return out.toByteArray();
  }

  static byte[] hash160(byte[] publicKey) {
    var digest = new RIPEMD160Digest();
    byte[] inner = sha256(publicKey);
    digest.update(inner, 0, inner.length);
    var out = new byte[20];
    digest.doFinal(out, 0);
    return out;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** An EIP-1559 transfer of some wei on mainnet. */
  static byte[] evm(SplittableRandom random) {
    var fields = new ByteArrayOutputStream();
    fields.writeBytes(HexFormat.of().parseHex("018308b3e6808501cd2ec1d7826ac194"));
    fields.writeBytes(bytes(random, 20));
    fields.writeBytes(new byte[] {(byte) 0x88, (byte) random.nextInt(1, 2)});
    fields.writeBytes(bytes(random, 7));
    fields.writeBytes(HexFormat.of().parseHex("80c0"));
    var out = new ByteArrayOutputStream();
    out.write(2);
    out.write(0xc0 + fields.size());
    out.writeBytes(fields.toByteArray());
    return out.toByteArray();
  }

  /** A legacy Solana message: one System transfer, the key pays. */
  static byte[] solana(byte[] payer, SplittableRandom random) {
    return solana(payer, bytes(random, 32), random.nextLong(1, 1_000_000), random);
  }

  /** The same of so many lamports to that account. */
  static byte[] solana(byte[] payer, byte[] to, long lamports, SplittableRandom random) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {1, 0, 1, 3});
    out.writeBytes(payer);
    out.writeBytes(to);
    out.writeBytes(new byte[32]); // the System program
    out.writeBytes(bytes(random, 32)); // recent blockhash
    out.writeBytes(new byte[] {1, 2, 2, 0, 1, 12, 2, 0, 0, 0});
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(lamports).array());
    return out.toByteArray();
  }

  /** A PSBT, version 0, that spends {@code inputs} Taproot outputs of one key (BIP-174, -371). */
  static byte[] bitcoin(byte[] outputKey, int inputs, SplittableRandom random) {
    var tx = new ByteArrayOutputStream();
    tx.writeBytes(new byte[] {2, 0, 0, 0, (byte) inputs});
    for (int i = 0; i < inputs; i++) {
      tx.writeBytes(bytes(random, 32));
      tx.writeBytes(new byte[] {(byte) i, 0, 0, 0, 0});
      tx.writeBytes(new byte[] {(byte) 0xfd, -1, -1, -1});
    }
    tx.write(1);
    tx.writeBytes(output(90_000L * inputs, GENERATOR_X));
    tx.writeBytes(new byte[4]);
    var psbt = new ByteArrayOutputStream();
    psbt.writeBytes(HexFormat.of().parseHex("70736274ff"));
    field(psbt, new byte[] {0}, tx.toByteArray());
    psbt.write(0);
    for (int i = 0; i < inputs; i++) {
      field(psbt, new byte[] {1}, output(100_000, outputKey));
      psbt.write(0);
    }
    psbt.write(0);
    return psbt.toByteArray();
  }

  private static byte[] output(long amount, byte[] outputKey) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(amount).array());
    out.writeBytes(new byte[] {34, 0x51, 32});
    out.writeBytes(outputKey);
    return out.toByteArray();
  }

  private static void field(ByteArrayOutputStream psbt, byte[] key, byte[] value) {
    psbt.write(key.length);
    psbt.writeBytes(key);
    if (value.length < 0xfd) {
      psbt.write(value.length);
    } else {
      psbt.write(0xfd);
      psbt.write(value.length & 0xff);
      psbt.write(value.length >> 8);
    }
    psbt.writeBytes(value);
  }

  /** BIP-86: x(lift_x(P) + H_TapTweak(x(P))·G), by BouncyCastle. */
  static byte[] outputKey(byte[] compressed) {
    try {
      var curve = SECNamedCurves.getByName("secp256k1");
      byte[] even = compressed.clone();
      even[0] = 2;
      var internal = curve.getCurve().decodePoint(even);
      byte[] tag = MessageDigest.getInstance("SHA-256").digest("TapTweak".getBytes(US_ASCII));
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(tag);
      sha256.update(tag);
      sha256.update(even, 1, 32);
      var tweak = new BigInteger(1, sha256.digest());
      byte[] point = internal.add(curve.getG().multiply(tweak)).normalize().getEncoded(true);
      return Arrays.copyOfRange(point, 1, 33);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] bytes(SplittableRandom random, int length) {
    byte[] out = new byte[length];
    random.nextBytes(out);
    return out;
  }
}
