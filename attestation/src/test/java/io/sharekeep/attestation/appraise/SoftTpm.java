package io.sharekeep.attestation.appraise;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.tpm.NvCounter;
import io.sharekeep.attestation.tpm.Tpm;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.KeyPair;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The structures of a TPM written by hand (attestation, appendix A), signed by a key in the JDK.
 */
public final class SoftTpm {
  public KeyPair key;
  public int magic = 0xff544347;
  public long resetCount = 7;
  public boolean safe = true;
  public long counter = 813;
  public Octets nvName = NvCounter.name(NvCounter.DEFAULT_INDEX);
  public byte[] trailing = new byte[0];

  public SoftTpm(KeyPair key) {
    this.key = key;
  }

  public Tpm.Signed quote(byte[] bind, SortedMap<Integer, Octets> pcrs) {
    var values = new ByteArrayOutputStream();
    var bitmap = new byte[3];
    pcrs.forEach((register, value) -> {
      bitmap[register / 8] |= (byte) (1 << (register % 8));
      values.writeBytes(value.value());
    });
    var body =
        ByteBuffer.allocate(44)
            .putInt(1)
            .putShort((short) 0x000b)
            .put((byte) 3)
            .put(bitmap)
            .putShort((short) 32)
            .put(Octets.sha256(values.toByteArray()).value());
    return signed(0x8018, bind, body.array());
  }

  public Tpm.Signed certify(byte[] bind) {
    var body =
        ByteBuffer.allocate(2 + nvName.length() + 12)
            .putShort((short) nvName.length())
            .put(nvName.value())
            .putShort((short) 0)
            .putShort((short) 8)
            .putLong(counter);
    return signed(0x8014, bind, body.array());
  }

  private Tpm.Signed signed(int type, byte[] bind, byte[] body) {
    int length = 4 + 2 + 2 + 34 + 2 + bind.length + 17 + 8 + body.length + trailing.length;
    var attest =
        ByteBuffer.allocate(length)
            .putInt(magic)
            .putShort((short) type)
            .putShort((short) 34)
            .put(new byte[34])
            .putShort((short) bind.length)
            .put(bind)
            .putLong(123_456)
            .putInt((int) resetCount)
            .putInt(1)
            .put((byte) (safe ? 1 : 0))
            .putLong(42)
            .put(body)
            .put(trailing)
            .array();
    return new Tpm.Signed(new Octets(attest), new Octets(SoftKeys.es256(key, attest)));
  }

  /** A boot event log with one event for each register, and the registers it leads to. */
  public static byte[] eventLog(Map<Integer, byte[]> digests) {
    var log = new ByteArrayOutputStream();
    var spec =
        little(16 + 8 + 4 + 4 + 1)
            .put("Spec ID Event03\0".getBytes(US_ASCII))
            .put(new byte[8])
            .putInt(1)
            .putShort((short) 0x000b)
            .putShort((short) 32)
            .put((byte) 0)
            .array();
    log.writeBytes(little(8).putInt(0).putInt(3).array());
    log.writeBytes(new byte[20]);
    log.writeBytes(little(4).putInt(spec.length).array());
    log.writeBytes(spec);
    digests.forEach((register, digest) -> {
      log.writeBytes(
          little(14).putInt(register).putInt(1).putInt(1).putShort((short) 0x000b).array());
      log.writeBytes(digest);
      log.writeBytes(little(6).putInt(2).put(new byte[] {1, 2}).array());
    });
    return log.toByteArray();
  }

  public static SortedMap<Integer, Octets> registers(Map<Integer, byte[]> digests) {
    var registers = new TreeMap<Integer, Octets>();
    digests.forEach((register, digest) -> {
      var input = ByteBuffer.allocate(64).put(new byte[32]).put(digest).array();
      registers.put(register, Octets.sha256(input));
    });
    return registers;
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
