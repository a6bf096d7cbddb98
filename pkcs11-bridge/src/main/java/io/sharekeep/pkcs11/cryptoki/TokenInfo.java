package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** What CK_TOKEN_INFO says of the token in a slot. */
record TokenInfo(
    long slot,
    String label,
    String manufacturer,
    String model,
    String serial,
    long flags,
    long maxSessions,
    String hardwareVersion,
    String firmwareVersion) {
  static TokenInfo read(long slot, MemorySegment info) {
    return new TokenInfo(
        slot,
        text(info, Layouts.TOKEN_LABEL, 32),
        text(info, Layouts.TOKEN_MANUFACTURER, 32),
        text(info, Layouts.TOKEN_MODEL, 16),
        text(info, Layouts.TOKEN_SERIAL, 16),
        info.get(JAVA_LONG, Layouts.TOKEN_FLAGS),
        info.get(JAVA_LONG, Layouts.TOKEN_MAX_SESSIONS),
        version(info, Layouts.TOKEN_HARDWARE),
        version(info, Layouts.TOKEN_FIRMWARE));
  }

  boolean initialized() {
    return (flags & Ck.CKF_TOKEN_INITIALIZED) != 0;
  }

  /** Padded with blanks, not ended by zero. */
  static String text(MemorySegment info, long at, int length) {
    var bytes = info.asSlice(at, length).toArray(JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8).stripTrailing();
  }

  static String version(MemorySegment info, long at) {
    int major = Byte.toUnsignedInt(info.get(JAVA_BYTE, at));
    int minor = Byte.toUnsignedInt(info.get(JAVA_BYTE, at + 1));
    return major + "." + minor;
  }
}
