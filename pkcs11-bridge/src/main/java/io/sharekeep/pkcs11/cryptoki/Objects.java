package io.sharekeep.pkcs11.cryptoki;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds and reads the objects of a token through one session. */
final class Objects {
  /** Beyond two a name is ambiguous anyway. */
  private static final long MOST = 8;

  private static final long LONGEST = 1024;

  private final Cryptoki functions;
  private final long session;

  Objects(Cryptoki functions, long session) {
    this.functions = functions;
    this.session = session;
  }

  /** Handles of at most eight objects that match. */
  List<Long> matching(Arena arena, Template template) {
    functions.findObjectsInit(session, template);
    var handles = arena.allocate(JAVA_LONG, MOST);
    var count = arena.allocate(JAVA_LONG);
    functions.findObjects(session, handles, MOST, count);
    functions.findObjectsFinal(session);
    var found = new ArrayList<Long>();
    for (long i = 0; i < Math.min(MOST, count.get(JAVA_LONG, 0)); i++) {
      found.add(handles.getAtIndex(JAVA_LONG, i));
    }
    return found;
  }

  /** A public attribute's bytes; nothing if the object has none or keeps it to itself. */
  Optional<byte[]> value(Arena arena, long object, Attribute attribute) {
    // NSS wants the exact length for numbers. A longer value than the type has is none of that
    // type.
    var buffer = arena.allocate(attribute.length().orElse(LONGEST), 8);
    var template = Template.reading(arena, attribute.type(), buffer);
    try {
      functions.attributeValue(session, object, template);
    } catch (CkException e) {
      if (withheld(e.rv()) || e.rv() == Ck.BUFFER_TOO_SMALL) {
        return Optional.empty();
      }
      throw e;
    }
    long length = template.length();
    return length < 0 || length > buffer.byteSize()
        ? Optional.empty()
        : Optional.of(buffer.asSlice(0, length).toArray(JAVA_BYTE));
  }

  /** Whether the token would hand out the secret itself. If it does, it is wiped at once. */
  boolean readable(Arena arena, long object) {
    return readable(arena, object, Attribute.VALUE)
        || readable(arena, object, Attribute.PRIVATE_EXPONENT);
  }

  private boolean readable(Arena arena, long object, long secret) {
    var buffer = arena.allocate(LONGEST, 8);
    try {
      functions.attributeValue(session, object, Template.reading(arena, secret, buffer));
      return true;
    } catch (CkException e) {
      if (withheld(e.rv())) {
        return false;
      }
      throw e;
    } finally {
      buffer.fill((byte) 0);
    }
  }

  private static boolean withheld(long rv) {
    return rv == Ck.ATTRIBUTE_SENSITIVE || rv == Ck.ATTRIBUTE_TYPE_INVALID;
  }
}
