package io.sharekeep.pkcs11;

import io.sharekeep.pkcs11.terms.TokenException;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/** Who holds the PIN. It lends it for one call, in native memory, and never as a String. */
@FunctionalInterface
public interface PinSource {
  /**
   * Calls {@code use} with the PIN's bytes, UTF-8 and exactly as long as the PIN. The owner wipes
   * what it made for the call.
   *
   * @throws TokenException.LoggedOut if the PIN was to be used once and is gone: the token then
   *     stays logged out
   * @throws TokenException.PinUnreadable if it cannot be had
   */
  <R> R withPin(Function<MemorySegment, R> use);
}
