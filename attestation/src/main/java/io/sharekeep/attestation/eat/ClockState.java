package io.sharekeep.attestation.eat;

import io.sharekeep.attestation.json.Named;
import io.sharekeep.attestation.json.NamedFields;
import io.sharekeep.cbor.Cbor;
import java.util.Locale;

/**
 * Where time comes from.
 *
 * @param offsetMillis from its source, of either sign
 */
public record ClockState(Source source, boolean synced, long offsetMillis, long stratum) {
  /** Kinds of source. */
  public enum Source {
    NTS,
    PTP,
    NTP,
    NONE;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Cbor toCbor() {
    return Named.map(m ->
        m.put("source", source.label())
            .put("synced", synced)
            .put("offset_ms", offsetMillis)
            .put("stratum", stratum));
  }

  static ClockState read(NamedFields f) {
    return new ClockState(
        f.choice("source", Source.class, Source::label),
        f.bool("synced"),
        f.integer("offset_ms", -1L << 40, 1L << 40),
        f.integer("stratum", 0, 16));
  }
}
