package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An array of CK_ATTRIBUTE in native memory that lives as long as the arena it was made in. */
record Template(MemorySegment memory, long count) {
  static Builder in(Arena arena) {
    return new Builder(arena);
  }

  /** One attribute to be read into {@code buffer}. */
  static Template reading(Arena arena, long type, MemorySegment buffer) {
    return in(arena).memory(type, buffer).build();
  }

  /** What C_GetAttributeValue left as the length of the first attribute; −1 if unavailable. */
  long length() {
    return memory.get(JAVA_LONG, Layouts.ATTRIBUTE_LENGTH);
  }

  static final class Builder {
    private record Entry(long type, MemorySegment value) {}

    private final SegmentAllocator arena;
    private final List<Entry> entries = new ArrayList<>();

    private Builder(Arena arena) {
      this.arena = arena;
    }

    Builder flags(boolean value, Attribute... attributes) {
      for (var attribute : attributes) {
        memory(attribute.type(), arena.allocateFrom(JAVA_BYTE, (byte) (value ? 1 : 0)));
      }
      return this;
    }

    /** A CK_ULONG, or an array of them. */
    Builder numbers(Attribute attribute, long... values) {
      return memory(attribute.type(), arena.allocateFrom(JAVA_LONG, values));
    }

    Builder bytes(Attribute attribute, byte[] value) {
      return memory(attribute.type(), arena.allocateFrom(JAVA_BYTE, value));
    }

    Builder text(Attribute attribute, String value) {
      return bytes(attribute, value.getBytes(StandardCharsets.UTF_8));
    }

    private Builder memory(long type, MemorySegment value) {
      entries.add(new Entry(type, value));
      return this;
    }

    Template build() {
      var memory = arena.allocate(Layouts.ATTRIBUTE_SIZE * entries.size(), 8);
      long at = 0;
      for (var entry : entries) {
        memory.set(JAVA_LONG, at + Layouts.ATTRIBUTE_TYPE, entry.type());
        memory.set(ADDRESS, at + Layouts.ATTRIBUTE_VALUE, entry.value());
        memory.set(JAVA_LONG, at + Layouts.ATTRIBUTE_LENGTH, entry.value().byteSize());
        at += Layouts.ATTRIBUTE_SIZE;
      }
      return new Template(memory, entries.size());
    }
  }
}
