package io.sharekeep.appliance.http;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A W3C trace context, accepted from the caller or begun here, logged and passed on to peers. It is
 * for finding things and authenticates nothing, so its ids come from a fast generator.
 *
 * @param header the {@code traceparent} header
 */
public record Trace(String header) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final Pattern FORM =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  public Trace {
    if (!FORM.matcher(header).matches()) {
      throw new IllegalArgumentException("not a version 00 traceparent");
    }
  }

  /** The caller's if it is well formed, else a new one. */
  public static Trace of(Optional<String> header) {
    return header.filter(h -> FORM.matcher(h).matches()).map(Trace::new).orElseGet(Trace::begin);
  }

  /** A new trace, not sampled. */
  public static Trace begin() {
    var random = ThreadLocalRandom.current();
    var hex = HexFormat.of();
    return new Trace(
        "00-"
            + hex.toHexDigits(random.nextLong() | 1)
            + hex.toHexDigits(random.nextLong())
            + "-"
            + hex.toHexDigits(random.nextLong() | 1)
            + "-00");
  }

  /** The 32 hex digits that logs carry as {@code trace.id}. */
  public String id() {
    return header.substring(3, 35);
  }
}
