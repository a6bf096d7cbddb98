package io.sharekeep.threshold.ecdsa;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.engines.ChaChaEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The second implementation, for tests: plain and slow, big integers and BouncyCastle, written from
 * the text of protocols.md sections 2 and 4 and from nothing else. Its draws of randomness come in
 * the order that the specification of this module gives.
 */
final class Model {
  static final BigInteger Q =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  static final BigInteger P =
      new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
  static final ECPoint G = CustomNamedCurves.getByName("secp256k1").getG();

  private Model() {}

  /** Where a party's randomness comes from. */
  interface Draw {
    byte[] bytes(int length);

    default BigInteger scalar() {
      return new BigInteger(1, bytes(64)).mod(Q);
    }
  }

  // 2.1, 2.2

  static byte[] h(String tag, Object... arguments) {
    var sha = sha512();
    sha.update(Arrays.copyOf(("SHAREKEEP-V1/" + tag).getBytes(StandardCharsets.US_ASCII), 128));
    for (var argument : arguments) {
      var bytes = argument(argument);
      sha.update(be64(bytes.length));
      sha.update(bytes);
    }
    return sha.digest();
  }

  private static byte[] argument(Object argument) {
    return switch (argument) {
      case byte[] bytes -> bytes;
      case Integer integer -> be64(integer);
      case BigInteger scalar -> scalar(scalar);
      case ECPoint point -> point.getEncoded(true);
      default -> throw new IllegalArgumentException(argument.getClass().getName());
    };
  }

  static byte[] h32(String tag, Object... arguments) {
    return Arrays.copyOf(h(tag, arguments), 32);
  }

  static BigInteger hs(String tag, Object... arguments) {
    return new BigInteger(1, h(tag, arguments)).mod(Q);
  }

  static byte[] be64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] scalar(BigInteger value) {
    var bytes = value.toByteArray();
    var out = new byte[32];
    for (int i = 0; i < Math.min(32, bytes.length); i++) {
      out[31 - i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  static ECPoint point(byte[] encoded) {
    return G.getCurve().decodePoint(encoded);
  }

  static ECPoint times(BigInteger k) {
    return G.multiply(k).normalize();
  }

  static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static int bit(byte[] bits, int index) {
    return bits[index >> 3] >> (index & 7) & 1;
  }

  // 2.3, 2.4: choice C

  static BigInteger hbs(String tag, byte[] pid, int j, int m, byte[] x) {
    var tag16 = Arrays.copyOf(tag.getBytes(StandardCharsets.US_ASCII), 16);
    var digest = new Blake2bDigest(null, 64, null, tag16);
    var message =
        concat(
            tag16,
            pid,
            ByteBuffer.allocate(4).putInt(j).array(),
            ByteBuffer.allocate(4).putInt(m).array(),
            x);
    digest.update(message, 0, message.length);
    var out = new byte[64];
    digest.doFinal(out, 0);
    return new BigInteger(1, out).mod(Q);
  }

  static byte[] prg(byte[] key, byte[] pid) {
    var nonce = Arrays.copyOf(h("otx/prg-nonce", (Object) pid), 24);
    var engine = new ChaChaEngine(20);
    engine.init(
        true,
        new ParametersWithIV(
            new KeyParameter(hchacha20(key, nonce)), Arrays.copyOfRange(nonce, 16, 24)));
    var out = new byte[80];
    engine.processBytes(new byte[80], 0, 80, out, 0);
    return out;
  }

  /** draft-irtf-cfrg-xchacha section 2.2. */
  private static byte[] hchacha20(byte[] key, byte[] nonce) {
    int[] s = new int[16];
    var constants = ByteBuffer.wrap("expand 32-byte k".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 4; i++) {
      s[i] = Integer.reverseBytes(constants.getInt());
    }
    for (int i = 0; i < 8; i++) {
      s[4 + i] = Integer.reverseBytes(ByteBuffer.wrap(key, 4 * i, 4).getInt());
    }
    for (int i = 0; i < 4; i++) {
      s[12 + i] = Integer.reverseBytes(ByteBuffer.wrap(nonce, 4 * i, 4).getInt());
    }
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 4; i++) {
        quarter(s, i, 4 + i, 8 + i, 12 + i);
      }
      for (int i = 0; i < 4; i++) {
        quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
      }
    }
    var out = ByteBuffer.allocate(32);
    for (int i : new int[] {0, 1, 2, 3, 12, 13, 14, 15}) {
      out.putInt(Integer.reverseBytes(s[i]));
    }
    return out.array();
  }

  private static void quarter(int[] s, int a, int b, int c, int d) {
    s[a] += s[b];
    s[d] = Integer.rotateLeft(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = Integer.rotateLeft(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = Integer.rotateLeft(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = Integer.rotateLeft(s[b] ^ s[c], 7);
  }

  // 4.2

  static byte[] pairOt(byte[] session, int alice, int bob, int generation) {
    return h32("pair-ot", session, alice, bob, generation);
  }

  static ECPoint hc(byte[] sid, int i, int b, ECPoint p) {
    return ModelHashToCurve.hash(
        h("ot/h2c", sid, i, b, p), "SHAREKEEP-V1-OT-secp256k1_XMD:SHA-256_SSWU_RO_");
  }

  record Offered(byte[] delta, List<BigInteger> t, byte[] message) {}

  static Offered offer(byte[] sid, Draw draw) {
    var delta = draw.bytes(32);
    var scalars = new ArrayList<BigInteger>();
    var message = new ByteArrayOutputStream();
    for (int i = 0; i < 256; i++) {
      var t = draw.scalar();
      var other = times(draw.scalar());
      int bit = bit(delta, i);
      var own = times(t).subtract(hc(sid, i, bit, other)).normalize();
      message.writeBytes((bit == 0 ? own : other).getEncoded(true));
      message.writeBytes((bit == 0 ? other : own).getEncoded(true));
      scalars.add(t);
    }
    return new Offered(delta, scalars, message.toByteArray());
  }

  record Answered(List<byte[]> zero, List<byte[]> one, byte[] message) {}

  static Answered answer(byte[] sid, byte[] offer, Draw draw) {
    var zero = new ArrayList<byte[]>();
    var one = new ArrayList<byte[]>();
    var message = new ByteArrayOutputStream();
    for (int i = 0; i < 256; i++) {
      var p0 = point(Arrays.copyOfRange(offer, 66 * i, 66 * i + 33));
      var p1 = point(Arrays.copyOfRange(offer, 66 * i + 33, 66 * i + 66));
      var t0 = draw.scalar();
      var t1 = draw.scalar();
      var b0 = times(t0);
      var b1 = times(t1);
      var s0 = p0.add(hc(sid, i, 0, p1)).multiply(t0).normalize();
      var s1 = p1.add(hc(sid, i, 1, p0)).multiply(t1).normalize();
      zero.add(h32("ot/key", sid, i, 0, p0, p1, b0, b1, s0));
      one.add(h32("ot/key", sid, i, 1, p0, p1, b0, b1, s1));
      message.writeBytes(b0.getEncoded(true));
      message.writeBytes(b1.getEncoded(true));
    }
    return new Answered(zero, one, message.toByteArray());
  }

  static List<byte[]> finish(byte[] sid, Offered offered, byte[] answer) {
    var keys = new ArrayList<byte[]>();
    for (int i = 0; i < 256; i++) {
      int bit = bit(offered.delta(), i);
      var p0 = point(Arrays.copyOfRange(offered.message(), 66 * i, 66 * i + 33));
      var p1 = point(Arrays.copyOfRange(offered.message(), 66 * i + 33, 66 * i + 66));
      var b0 = point(Arrays.copyOfRange(answer, 66 * i, 66 * i + 33));
      var b1 = point(Arrays.copyOfRange(answer, 66 * i + 33, 66 * i + 66));
      var shared = (bit == 0 ? b0 : b1).multiply(offered.t().get(i)).normalize();
      keys.add(h32("ot/key", sid, i, bit, p0, p1, b0, b1, shared));
    }
    return keys;
  }

  // 4.3

  record Extended(byte[] u, byte[] x, byte[] t, byte[] choices, byte[][] columns, byte[] ud) {}

  static Extended extend(byte[] pid, List<byte[]> zero, List<byte[]> one, Draw draw) {
    var choices = draw.bytes(80);
    var rows = new byte[256][];
    var u = new ByteArrayOutputStream();
    for (int i = 0; i < 256; i++) {
      rows[i] = prg(zero.get(i), pid);
      u.writeBytes(xor(xor(rows[i], prg(one.get(i), pid)), choices));
    }
    var ud = h("otx/u", pid, u.toByteArray());
    var t = new ByteArrayOutputStream();
    for (var row : rows) {
      t.writeBytes(fold(pid, ud, row));
    }
    return new Extended(
        u.toByteArray(), fold(pid, ud, choices), t.toByteArray(), choices, columns(rows), ud);
  }

  static byte[][] columns(byte[][] rows) {
    var columns = new byte[512][32];
    for (int i = 0; i < 256; i++) {
      for (int j = 0; j < 512; j++) {
        columns[j][i >> 3] |= (byte) (bit(rows[i], j) << (i & 7));
      }
    }
    return columns;
  }

  static byte[] fold(byte[] pid, byte[] ud, byte[] row) {
    var sum = polynomial(row, 64);
    for (int b = 0; b < 4; b++) {
      sum = sum.xor(multiply(polynomial(h("otx/chi", pid, ud, b), 0), polynomial(row, 16 * b)));
    }
    var out = new byte[16];
    for (int i = 0; i < 128; i++) {
      if (sum.testBit(i)) {
        out[i >> 3] |= (byte) (1 << (i & 7));
      }
    }
    return out;
  }

  static BigInteger polynomial(byte[] bytes, int at) {
    var value = BigInteger.ZERO;
    for (int i = 0; i < 128; i++) {
      value = (bytes[at + (i >> 3)] >> (i & 7) & 1) == 1 ? value.setBit(i) : value;
    }
    return value;
  }

  static BigInteger multiply(BigInteger a, BigInteger b) {
    var product = BigInteger.ZERO;
    for (int i = 0; i < 128; i++) {
      product = b.testBit(i) ? product.xor(a.shiftLeft(i)) : product;
    }
    for (int i = 254; i >= 128; i--) {
      product =
          product.testBit(i)
              ? product.xor(BigInteger.valueOf(0x87).setBit(128).shiftLeft(i - 128))
              : product;
    }
    return product;
  }

  static byte[] xor(byte[] a, byte[] b) {
    var out = a.clone();
    for (int i = 0; i < a.length; i++) {
      out[i] ^= b[i];
    }
    return out;
  }

  /** Q, from what Alice got; empty if a row's check fails. */
  static byte[][] received(byte[] pid, byte[] delta, List<byte[]> keys, Extended in) {
    var rows = new byte[256][];
    for (int i = 0; i < 256; i++) {
      rows[i] = prg(keys.get(i), pid);
      var check = Arrays.copyOfRange(in.t(), 16 * i, 16 * i + 16);
      if (bit(delta, i) == 1) {
        rows[i] = xor(rows[i], Arrays.copyOfRange(in.u(), 80 * i, 80 * i + 80));
        check = xor(check, in.x());
      }
      if (!Arrays.equals(fold(pid, in.ud(), rows[i]), check)) {
        throw new IllegalStateException("E-OTX");
      }
    }
    return columns(rows);
  }

  // 4.4

  static List<BigInteger> gadgets(byte[] pid) {
    var gadgets = new ArrayList<BigInteger>();
    for (int j = 0; j < 512; j++) {
      gadgets.add(hbs("vole/gadget", pid, j, 0, new byte[0]));
    }
    return gadgets;
  }

  static BigInteger factor(byte[] pid, byte[] choices) {
    var gadgets = gadgets(pid);
    var sum = BigInteger.ZERO;
    for (int j = 0; j < 512; j++) {
      sum = bit(choices, j) == 1 ? sum.add(gadgets.get(j)) : sum;
    }
    return sum.mod(Q);
  }

  record Sent(byte[] corrections, byte[] response, byte[] check, BigInteger c0, BigInteger c1) {}

  /**
   * @param cheatAt where a_0 is one more than elsewhere, with challenge and check made to fit; −1
   *     for nowhere
   */
  static Sent send(
      byte[] pid,
      byte[] delta,
      byte[][] columns,
      List<BigInteger> inputs,
      BigInteger mask,
      byte[] ud,
      byte[] x,
      byte[] t,
      int cheatAt) {
    var pads = new BigInteger[512][3];
    var corrections = new ByteArrayOutputStream();
    for (int j = 0; j < 512; j++) {
      for (int m = 0; m < 3; m++) {
        pads[j][m] = hbs("otx/out", pid, j, m, columns[j]);
        var other = hbs("otx/out", pid, j, m, xor(columns[j], delta));
        var a = m == 2 ? mask : inputs.get(m);
        a = j == cheatAt && m == 0 ? a.add(BigInteger.ONE) : a;
        corrections.writeBytes(scalar(pads[j][m].subtract(other).add(a).mod(Q)));
      }
    }
    var d = h("vole/theta", pid, ud, x, t, corrections.toByteArray());
    var theta = List.of(hs("vole/theta2", pid, d, 0), hs("vole/theta2", pid, d, 1));
    var response =
        mask.add(theta.get(0).multiply(inputs.get(0))).add(theta.get(1).multiply(inputs.get(1)));
    var checks = new ByteArrayOutputStream();
    var c0 = BigInteger.ZERO;
    var c1 = BigInteger.ZERO;
    var gadgets = gadgets(pid);
    for (int j = 0; j < 512; j++) {
      checks.writeBytes(
          scalar(
              pads[j][2]
                  .add(theta.get(0).multiply(pads[j][0]))
                  .add(theta.get(1).multiply(pads[j][1]))
                  .mod(Q)));
      c0 = c0.subtract(gadgets.get(j).multiply(pads[j][0]));
      c1 = c1.subtract(gadgets.get(j).multiply(pads[j][1]));
    }
    return new Sent(
        corrections.toByteArray(),
        scalar(response.mod(Q)),
        h("vole/mu", pid, checks.toByteArray()),
        c0.mod(Q),
        c1.mod(Q));
  }

  /** d_0, d_1; throws where Bob's check fails. */
  static List<BigInteger> receive(byte[] pid, Extended own, Sent in) {
    var d = h("vole/theta", pid, own.ud(), own.x(), own.t(), in.corrections());
    var theta = List.of(hs("vole/theta2", pid, d, 0), hs("vole/theta2", pid, d, 1));
    var checks = new ByteArrayOutputStream();
    var gadgets = gadgets(pid);
    var sums = new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO};
    for (int j = 0; j < 512; j++) {
      var row = new BigInteger[3];
      for (int m = 0; m < 3; m++) {
        int at = 32 * (3 * j + m);
        row[m] = hbs("otx/out", pid, j, m, own.columns()[j]);
        if (bit(own.choices(), j) == 1) {
          row[m] = row[m].add(new BigInteger(1, Arrays.copyOfRange(in.corrections(), at, at + 32)));
        }
      }
      var check = row[2].add(theta.get(0).multiply(row[0])).add(theta.get(1).multiply(row[1]));
      if (bit(own.choices(), j) == 1) {
        check = check.subtract(new BigInteger(1, in.response()));
      }
      checks.writeBytes(scalar(check.mod(Q)));
      sums[0] = sums[0].add(gadgets.get(j).multiply(row[0]));
      sums[1] = sums[1].add(gadgets.get(j).multiply(row[1]));
    }
    if (!Arrays.equals(h("vole/mu", pid, checks.toByteArray()), in.check())) {
      throw new IllegalStateException("E-VOLE");
    }
    return List.of(sums[0].mod(Q), sums[1].mod(Q));
  }

  private static MessageDigest sha512() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
