package io.sharekeep.attestation.appraise;

import io.sharekeep.attestation.evidence.Octets;
import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import io.sharekeep.cbor.CborDecoder;
import io.sharekeep.cbor.CborEncoder;
import io.sharekeep.cbor.CborLimits;
import io.sharekeep.cbor.CborProfile;
import io.sharekeep.cbor.Decoded;
import io.sharekeep.cbor.Parsed;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What a verifier remembers of one appliance. It defeats snapshots that roll back everything there,
 * a virtual TPM included.
 *
 * @param report SHA-384 of the last report's envelope
 * @param epochs by key
 * @param releases version of the newest list of releases seen
 */
public record Memory(
    long seq,
    Octets report,
    Optional<Long> counter,
    Optional<Long> resetCount,
    long logSize,
    Octets logRoot,
    Map<String, Long> epochs,
    long releases) {
  private static final int DIGEST = 32;

  public Memory {
    epochs = Map.copyOf(epochs);
  }

  /** SHA-256 and then the content, so that damage shows. */
  public byte[] encode() {
    byte[] content =
        CborEncoder.encode(
            CborProfile.EVIDENCE,
            Named.map(m ->
                m.put("seq", seq)
                    .put("report", report)
                    .put("counter", counter, Cbor::integer)
                    .put("resets", resetCount, Cbor::integer)
                    .put("log_size", logSize)
                    .put("log_root", logRoot)
                    .put(
                        "epochs",
                        Named.map(n -> epochs.forEach((key, epoch) -> n.put(key, (long) epoch))))
                    .put("releases", releases)));
    byte[] file = Arrays.copyOf(Octets.sha256(content).value(), DIGEST + content.length);
    System.arraycopy(content, 0, file, DIGEST, content.length);
    return file;
  }

  /** Reads what {@link #encode} wrote, and nothing else. */
  public static Parsed<Memory> read(byte[] file) {
    if (file.length <= DIGEST) {
      return new Parsed.Malformed<>("it is cut short");
    }
    byte[] content = Arrays.copyOfRange(file, DIGEST, file.length);
    if (!Octets.sha256(content).holds(Arrays.copyOf(file, DIGEST))) {
      return new Parsed.Malformed<>("its digest is not that of its content");
    }
    return switch (CborDecoder.decode(CborProfile.EVIDENCE, content, CborLimits.REPORT)) {
      case Decoded.Malformed(var reason, var _) -> new Parsed.Malformed<>(reason);
      case Decoded.Item(var item) ->
          NamedFields.read(
              item,
              f ->
                  new Memory(
                      f.integer("seq", 0, Long.MAX_VALUE),
                      f.octets("report", 48, 48),
                      f.optional(
                          "counter", g -> g.integer("counter", Long.MIN_VALUE, Long.MAX_VALUE)),
                      f.optional("resets", g -> g.integer("resets", 0, Long.MAX_VALUE)),
                      f.integer("log_size", 0, Long.MAX_VALUE),
                      f.octets("log_root", 32, 32),
                      f.free(
                          "epochs",
                          4096,
                          (path, value) -> NamedFields.asInteger(path, value, 0, Long.MAX_VALUE)),
                      f.integer("releases", 0, Long.MAX_VALUE)));
    };
  }
}
