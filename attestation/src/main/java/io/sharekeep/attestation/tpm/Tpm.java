package io.sharekeep.attestation.tpm;

import io.sharekeep.attestation.evidence.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A TPM, by the few commands that a report needs (attestation, appendix A). Every method is one
 * command, sent again where the TPM asks for that. A key's handle is flushed by who made it.
 */
public final class Tpm implements AutoCloseable {
  private static final int ENDORSEMENT = 0x4000_000b;
  private static final int OWNER = 0x4000_0001;
  private static final int PASSWORD = 0x4000_0009;
  private static final int ATTEMPTS = 10;
  private static final HexFormat HEX = HexFormat.of();

  /** A restricted P-256 signer: deterministic, so the same TPM always gives the same key. */
  private static final byte[] SIGNER =
      HEX.parseHex("0023000b0005007200000010" + "0018000b0003001000000000");

  /** SubjectPublicKeyInfo of a P-256 key up to its point, RFC 5480. */
  private static final byte[] P256_SPKI =
      HEX.parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200" + "04");

  private final TpmChannel channel;

  public Tpm(TpmChannel channel) {
    this.channel = channel;
  }

  /**
   * The attestation key.
   *
   * @param spki SubjectPublicKeyInfo
   */
  public record Key(int handle, Octets spki) {}

  /**
   * A statement and the TPM's signature on it.
   *
   * @param attest for {@link TpmAttest#read}
   * @param signature r ‖ s, 64 bytes
   */
  public record Signed(Octets attest, Octets signature) {}

  /** CreatePrimary in the endorsement hierarchy. */
  public Key createKey() throws TpmFailure {
    var out = parameters();
    out.writeBytes(HEX.parseHex("000400000000"));
    sized(out, SIGNER);
    out.writeBytes(HEX.parseHex("000000000000"));
    var in = send(0x131, new int[] {ENDORSEMENT}, 1, out, true);
    int handle = in.handle();
    var area = ByteBuffer.wrap(take(in.parameters()));
    try {
      area.position(8);
      take(area);
      area.position(area.position() + 10);
      var spki = new ByteArrayOutputStream();
      spki.writeBytes(P256_SPKI);
      spki.writeBytes(padded(take(area)));
      spki.writeBytes(padded(take(area)));
      return new Key(handle, new Octets(spki.toByteArray()));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new TpmFailure("the TPM's public area is cut short", e);
    }
  }

  /** Quotes registers of bank sha256. */
  public Signed quote(Key key, Octets bind, SortedSet<Integer> registers) throws TpmFailure {
    var out = parameters();
    sized(out, bind.value());
    out.writeBytes(HEX.parseHex("0010"));
    out.writeBytes(selection(registers));
    return signed(send(0x158, new int[] {key.handle()}, 1, out, false));
  }

  /** Certifies the value of the rollback counter. */
  public Signed certify(Key key, long index, Octets bind) throws TpmFailure {
    var out = parameters();
    sized(out, bind.value());
    out.writeBytes(HEX.parseHex("001000080000"));
    int nv = (int) index;
    return signed(send(0x184, new int[] {key.handle(), nv, nv}, 2, out, false));
  }

  /** Values of registers of bank sha256, each read alone. */
  public SortedMap<Integer, Octets> read(SortedSet<Integer> registers) throws TpmFailure {
    var values = new TreeMap<Integer, Octets>();
    for (int register : registers) {
      var out = parameters();
      out.writeBytes(selection(new java.util.TreeSet<>(java.util.List.of(register))));
      byte[] response = rest(send(0x17e, new int[0], 0, out, false).parameters());
      if (response.length < 34) {
        throw new TpmFailure("the TPM has no bank sha256", 0);
      }
      values.put(
          register,
          new Octets(Arrays.copyOfRange(response, response.length - 32, response.length)));
    }
    return values;
  }

  /** Extends a register of bank sha256. */
  public void extend(int register, Octets sha256) throws TpmFailure {
    var out = parameters();
    out.writeBytes(HEX.parseHex("00000001000b"));
    out.writeBytes(sha256.value());
    send(0x182, new int[] {register}, 1, out, false);
  }

  /** Makes the rollback counter where there is none. */
  public void defineCounter(long index) throws TpmFailure {
    var out = parameters();
    out.writeBytes(HEX.parseHex("0000"));
    sized(out, NvCounter.publicArea(index, NvCounter.ATTRIBUTES));
    send(0x12a, new int[] {OWNER}, 1, out, false);
  }

  public void increment(long index) throws TpmFailure {
    send(0x134, new int[] {(int) index, (int) index}, 1, parameters(), false);
  }

  public long counter(long index) throws TpmFailure {
    var out = parameters();
    out.writeBytes(HEX.parseHex("00080000"));
    byte[] value =
        take(send(0x14e, new int[] {(int) index, (int) index}, 1, out, false).parameters());
    if (value.length != 8) {
      throw new TpmFailure("the TPM's counter has not eight bytes", 0);
    }
    return ByteBuffer.wrap(value).getLong();
  }

  public void flush(Key key) throws TpmFailure {
    var out = parameters();
    out.writeBytes(ByteBuffer.allocate(4).putInt(key.handle()).array());
    send(0x165, new int[0], 0, out, false);
  }

  @Override
  public void close() throws TpmFailure {
    channel.close();
  }

  private record Response(int handle, ByteBuffer parameters) {}

  private Response send(
      int code, int[] handles, int sessions, ByteArrayOutputStream parameters, boolean givesHandle)
      throws TpmFailure {
    byte[] command = command(code, handles, sessions, parameters.toByteArray());
    for (int attempt = 1; ; attempt++) {
      var in = ByteBuffer.wrap(channel.exchange(command));
      if (in.remaining() < 10) {
        throw new TpmFailure("the TPM's response is cut short", 0);
      }
      boolean hasSessions = (in.getShort() & 0xffff) == 0x8002;
      in.getInt();
      int result = in.getInt();
      if (result == 0) {
        return response(in, hasSessions, givesHandle);
      }
      if (attempt == ATTEMPTS || !asksAgain(result)) {
        throw new TpmFailure(
            "the TPM answers 0x%x to command 0x%x".formatted(result, code), result);
      }
    }
  }

  /** RETRY, TESTING, YIELDED: the command was not carried out. */
  private static boolean asksAgain(int result) {
    return result == 0x922 || result == 0x90a || result == 0x908;
  }

  private static Response response(ByteBuffer in, boolean hasSessions, boolean givesHandle)
      throws TpmFailure {
    try {
      int handle = givesHandle ? in.getInt() : 0;
      int size = hasSessions ? in.getInt() : in.remaining();
      return new Response(handle, in.slice(in.position(), size));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new TpmFailure("the TPM's response is cut short", e);
    }
  }

  private static byte[] command(int code, int[] handles, int sessions, byte[] parameters) {
    int size = 10 + 4 * handles.length + (sessions == 0 ? 0 : 4 + 9 * sessions) + parameters.length;
    var out =
        ByteBuffer.allocate(size)
            .putShort((short) (sessions == 0 ? 0x8001 : 0x8002))
            .putInt(size)
            .putInt(code);
    for (int handle : handles) {
      out.putInt(handle);
    }
    if (sessions > 0) {
      out.putInt(9 * sessions);
      for (int i = 0; i < sessions; i++) {
        out.putInt(PASSWORD).putShort((short) 0).put((byte) 0).putShort((short) 0);
      }
    }
    return out.put(parameters).array();
  }

  private static Signed signed(Response response) throws TpmFailure {
    var in = response.parameters();
    byte[] attest = take(in);
    try {
      if (in.getInt() != 0x0018_000b) {
        throw new TpmFailure("the TPM did not sign with ECDSA and SHA-256", 0);
      }
    } catch (BufferUnderflowException e) {
      throw new TpmFailure("the TPM's signature is cut short", e);
    }
    var signature = ByteBuffer.allocate(64).put(padded(take(in))).put(padded(take(in)));
    return new Signed(new Octets(attest), new Octets(signature.array()));
  }

  private static byte[] selection(SortedSet<Integer> registers) {
    var bitmap = new byte[3];
    for (int register : registers) {
      bitmap[register / 8] |= (byte) (1 << (register % 8));
    }
    return ByteBuffer.allocate(10)
        .putInt(1)
        .putShort((short) 0x000b)
        .put((byte) 3)
        .put(bitmap)
        .array();
  }

  private static byte[] take(ByteBuffer in) throws TpmFailure {
    try {
      var bytes = new byte[in.getShort() & 0xffff];
      in.get(bytes);
      return bytes;
    } catch (BufferUnderflowException e) {
      throw new TpmFailure("the TPM's response is cut short", e);
    }
  }

  private static byte[] rest(ByteBuffer in) {
    var bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }

  private static byte[] padded(byte[] integer) throws TpmFailure {
    if (integer.length > 32) {
      throw new TpmFailure("the TPM's integer has more than 32 bytes", 0);
    }
    var bytes = new byte[32];
    System.arraycopy(integer, 0, bytes, 32 - integer.length, integer.length);
    return bytes;
  }

  private static ByteArrayOutputStream parameters() {
    return new ByteArrayOutputStream();
  }

  private static void sized(ByteArrayOutputStream out, byte[] bytes) {
    out.write(bytes.length >>> 8);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }
}
