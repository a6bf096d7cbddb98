package io.sharekeep.attestation.tpm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sharekeep.attestation.evidence.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A boot event log in the crypto-agile format (TCG PC Client, TCG_PCR_EVENT2), little-endian. */
public final class EventLog {
  private static final byte[] SIGNATURE = "Spec ID Event03\0".getBytes(US_ASCII);
  private static final int NO_ACTION = 3;
  private static final int SHA256 = 0x000b;
  private static final int MAX_EVENTS = 65536;

  private EventLog() {}

  /** Registers of bank sha256 as the events leave them; empty for what is no such log. */
  public static Optional<SortedMap<Integer, Octets>> replay(byte[] log) {
    try {
      return Optional.of(replay(ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static SortedMap<Integer, Octets> replay(ByteBuffer in) {
    var sizes = header(in);
    var registers = new TreeMap<Integer, Octets>();
    for (int events = 0; in.hasRemaining(); events++) {
      require(events < MAX_EVENTS);
      int register = in.getInt();
      int type = in.getInt();
      require(register >= 0 && register < 24);
      int digests = in.getInt();
      require(digests >= 1 && digests <= 8);
      Optional<byte[]> sha256 = Optional.empty();
      for (int i = 0; i < digests; i++) {
        int algorithm = in.getShort() & 0xffff;
        byte[] digest = take(in, sizes.getOrDefault(algorithm, -1));
        if (algorithm == SHA256) {
          sha256 = Optional.of(digest);
        }
      }
      take(in, in.getInt());
      require(sha256.isPresent());
      if (type != NO_ACTION) {
        registers.put(
            register,
            extended(registers.getOrDefault(register, new Octets(new byte[32])), sha256.get()));
      }
    }
    return registers;
  }

  /** The first event is of the old form and says which digests the others carry. */
  private static Map<Integer, Integer> header(ByteBuffer in) {
    require(in.getInt() == 0 && in.getInt() == NO_ACTION);
    take(in, 20);
    var body = ByteBuffer.wrap(take(in, in.getInt())).order(ByteOrder.LITTLE_ENDIAN);
    require(Arrays.equals(take(body, SIGNATURE.length), SIGNATURE));
    take(body, 8);
    int count = body.getInt();
    require(count >= 1 && count <= 8);
    var sizes = new HashMap<Integer, Integer>();
    for (int i = 0; i < count; i++) {
      sizes.put(body.getShort() & 0xffff, body.getShort() & 0xffff);
    }
    return sizes;
  }

  private static Octets extended(Octets register, byte[] digest) {
    var input = new ByteArrayOutputStream();
    input.writeBytes(register.value());
    input.writeBytes(digest);
    return Octets.sha256(input.toByteArray());
  }

  private static byte[] take(ByteBuffer in, int length) {
    require(length >= 0 && length <= in.remaining());
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not an event log");
    }
  }
}
