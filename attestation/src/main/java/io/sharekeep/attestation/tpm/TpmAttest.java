package io.sharekeep.attestation.tpm;

import io.sharekeep.attestation.cose.PublicKeys;
import io.sharekeep.attestation.evidence.Octets;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a TPM signed (TPMS_ATTEST), parsed strictly.
 *
 * @param extraData what the asker bound it to
 */
public record TpmAttest(Octets extraData, Clock clock, Subject subject) {
  private static final int MAGIC = 0xff544347;
  private static final int QUOTE = 0x8018;
  private static final int NV = 0x8014;
  private static final int SHA256 = 0x000b;

  /**
   * The TPM's own clock.
   *
   * @param millis since the TPM was made or cleared, running only while powered
   * @param safe false if the clock may have been set back by a loss of power
   */
  public record Clock(long millis, long resetCount, long restartCount, boolean safe) {}

  /** What the statement is about. */
  public sealed interface Subject {
    /**
     * @param registers selected, of bank sha256
     * @param digest over their values in order
     */
    record Quote(SortedSet<Integer> registers, Octets digest) implements Subject {}

    /**
     * @param name of the index: its handle and attributes hashed
     * @param value of the counter
     */
    record Counter(Octets name, long value) implements Subject {}
  }

  /** Empty for what is no quote and no counter, or has a byte too many. */
  public static Optional<TpmAttest> read(byte[] bytes) {
    try {
      var in = ByteBuffer.wrap(bytes);
      if (in.getInt() != MAGIC) {
        return Optional.empty();
      }
      int type = in.getShort() & 0xffff;
      sized(in); // The signer's name: that the key is ours is shown by its signature.
      var extraData = new Octets(sized(in));
      var clock = clock(in);
      if (clock.isEmpty()) {
        return Optional.empty();
      }
      in.getLong(); // Firmware version.
      var subject =
          switch (type) {
            case QUOTE -> quote(in);
            case NV -> counter(in);
            default -> Optional.<Subject>empty();
          };
      return in.hasRemaining()
          ? Optional.empty()
          : subject.map(found -> new TpmAttest(extraData, clock.get(), found));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static Optional<Clock> clock(ByteBuffer in) {
    long millis = in.getLong();
    long resets = in.getInt() & 0xffff_ffffL;
    long restarts = in.getInt() & 0xffff_ffffL;
    byte safe = in.get();
    return safe == 0 || safe == 1
        ? Optional.of(new Clock(millis, resets, restarts, safe == 1))
        : Optional.empty();
  }

  private static Optional<Subject> quote(ByteBuffer in) {
    if (in.getInt() != 1 || (in.getShort() & 0xffff) != SHA256) {
      return Optional.empty();
    }
    var bitmap = new byte[in.get() & 0xff];
    in.get(bitmap);
    if (bitmap.length != 3) {
      return Optional.empty();
    }
    var registers = new TreeSet<Integer>();
    for (int register = 0; register < 24; register++) {
      if ((bitmap[register / 8] >> (register % 8) & 1) == 1) {
        registers.add(register);
      }
    }
    byte[] digest = sized(in);
    return digest.length == 32
        ? Optional.of(
            new Subject.Quote(Collections.unmodifiableSortedSet(registers), new Octets(digest)))
        : Optional.empty();
  }

  private static Optional<Subject> counter(ByteBuffer in) {
    byte[] name = sized(in);
    int offset = in.getShort();
    byte[] contents = sized(in);
    return offset == 0 && contents.length == 8
        ? Optional.of(new Subject.Counter(new Octets(name), ByteBuffer.wrap(contents).getLong()))
        : Optional.empty();
  }

  private static byte[] sized(ByteBuffer in) {
    var bytes = new byte[in.getShort() & 0xffff];
    in.get(bytes);
    return bytes;
  }

  /**
   * Whether the attestation key signed these bytes.
   *
   * @param spki P-256
   * @param signature r ‖ s, 32 bytes each
   */
  public static boolean isSigned(byte[] spki, byte[] attest, byte[] signature) {
    var key = PublicKeys.ec(spki).orElse(null);
    if (!(key instanceof ECPublicKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != 256
        || signature.length != 64) {
      return false;
    }
    try {
      var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(attest);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The digest that a quote over these registers must carry. */
  public static Octets digest(SortedMap<Integer, Octets> values) {
    var all = ByteBuffer.allocate(values.values().stream().mapToInt(Octets::length).sum());
    values.values().forEach(value -> all.put(value.value()));
    return Octets.sha256(all.array());
  }
}
