package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Looks over the slots of a library. Slot numbers change, so tokens are found by what they are. */
final class Slots {
  /** More slots or mechanisms than this are a library gone mad. */
  private static final long MANY = 65_536;

  private Slots() {}

  /** Every initialised token, in slot order. */
  static List<TokenInfo> tokens(Cryptoki functions) {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(JAVA_LONG);
      functions.slotList(MemorySegment.NULL, count); // also makes some libraries look again
      long slots = sane(count.get(JAVA_LONG, 0));
      var list = arena.allocate(JAVA_LONG, Math.max(1, slots));
      functions.slotList(list, count);
      slots = Math.min(slots, count.get(JAVA_LONG, 0));
      var tokens = new ArrayList<TokenInfo>();
      for (long i = 0; i < slots; i++) {
        long slot = list.getAtIndex(JAVA_LONG, i);
        var info = arena.allocate(Layouts.TOKEN_SIZE, 8);
        try {
          functions.tokenInfo(slot, info);
        } catch (CkException e) {
          continue; // an empty or broken slot is not our token, and must not hide it
        }
        var token = TokenInfo.read(slot, info);
        if (token.initialized()) {
          tokens.add(token);
        }
      }
      return tokens;
    }
  }

  static List<Long> mechanisms(Cryptoki functions, long slot) {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(JAVA_LONG);
      functions.mechanismList(slot, MemorySegment.NULL, count);
      long many = sane(count.get(JAVA_LONG, 0));
      var list = arena.allocate(JAVA_LONG, Math.max(1, many));
      functions.mechanismList(slot, list, count);
      many = Math.min(many, count.get(JAVA_LONG, 0));
      var mechanisms = new ArrayList<Long>();
      for (long i = 0; i < many; i++) {
        mechanisms.add(list.getAtIndex(JAVA_LONG, i));
      }
      mechanisms.sort(null);
      return mechanisms;
    }
  }

  private static long sane(long count) {
    if (count < 0 || count > MANY) {
      throw new IllegalStateException("the library counts " + count);
    }
    return count;
  }
}
