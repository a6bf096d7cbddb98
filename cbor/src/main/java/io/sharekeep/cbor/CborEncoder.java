package io.sharekeep.cbor;

import java.util.Arrays;

/** Writes the one canonical encoding of an item: RFC 8949 section 4.2.1. */
public final class CborEncoder {
  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BYTES = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;
  static final int FALSE = 0xf4;
  static final int TRUE = 0xf5;
  static final int NULL = 0xf6;

  private final CborProfile profile;
  private byte[] out = new byte[256];
  private int length;

  private CborEncoder(CborProfile profile) {
    this.profile = profile;
  }

  /**
   * @throws IllegalArgumentException if the profile does not admit the item: what we write is ours
   */
  public static byte[] encode(CborProfile profile, Cbor item) {
    var encoder = new CborEncoder(profile);
    encoder.write(item, profile.maxDepth());
    return Arrays.copyOf(encoder.out, encoder.length);
  }

  private void write(Cbor item, int depthLeft) {
    switch (item) {
      case Cbor.Unsigned unsigned -> head(UNSIGNED, unsigned.value());
      case Cbor.Negative negative -> {
        admit(profile.admitsNegative(), "negative integers");
        head(NEGATIVE, ~negative.value());
      }
      case Cbor.Bytes bytes -> {
        head(BYTES, bytes.length());
        append(bytes.raw());
      }
      case Cbor.Text text -> text(text.value());
      case Cbor.Bool bool -> append(bool.value() ? TRUE : FALSE);
      case Cbor.Null _ -> {
        admit(profile.admitsNull(), "null");
        append(NULL);
      }
      case Cbor.Sequence sequence -> {
        enter(depthLeft);
        head(ARRAY, sequence.items().size());
        sequence.items().forEach(element -> write(element, depthLeft - 1));
      }
      case Cbor.Mapping mapping -> {
        enter(depthLeft);
        head(MAP, mapping.entries().size());
        mapping
            .entries()
            .forEach((key, value) -> {
              write(Cbor.integer(key), 0);
              write(value, depthLeft - 1);
            });
      }
      case Cbor.Dictionary dictionary -> {
        admit(profile.admitsNames(), "text keys");
        enter(depthLeft);
        head(MAP, dictionary.entries().size());
        dictionary
            .entries()
            .forEach((name, value) -> {
              text(name);
              write(value, depthLeft - 1);
            });
      }
      case Cbor.Tag tag -> {
        admit(profile.admitsTag(tag.number()), "tag " + tag.number());
        enter(depthLeft);
        head(TAG, tag.number());
        write(tag.item(), depthLeft - 1);
      }
    }
  }

  private void text(String value) {
    admit(profile.admitsUnicode() || Utf8.isAscii(value), "text beyond ASCII");
    var utf8 = Utf8.encode(value);
    head(TEXT, utf8.length);
    append(utf8);
  }

  private void head(int major, long argument) {
    int high = major << 5;
    if (argument < 24) {
      append(high | (int) argument);
    } else if (argument < 1L << 8) {
      append(high | 24);
      bigEndian(argument, 1);
    } else if (argument < 1L << 16) {
      append(high | 25);
      bigEndian(argument, 2);
    } else if (argument < 1L << 32) {
      append(high | 26);
      bigEndian(argument, 4);
    } else {
      append(high | 27);
      bigEndian(argument, 8);
    }
  }

  private void bigEndian(long value, int length) {
    for (int i = length - 1; i >= 0; i--) {
      append((int) (value >>> (8 * i)));
    }
  }

  private void append(int octet) {
    reserve(1);
    out[length++] = (byte) octet;
  }

  private void append(byte[] octets) {
    reserve(octets.length);
    System.arraycopy(octets, 0, out, length, octets.length);
    length += octets.length;
  }

  private void reserve(int more) {
    if (more > out.length - length) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(length, more)));
    }
  }

  private void enter(int depthLeft) {
    admit(depthLeft > 0, "more than " + profile.maxDepth() + " nested containers");
  }

  private void admit(boolean admitted, String what) {
    if (!admitted) {
      throw new IllegalArgumentException(profile + " does not admit " + what);
    }
  }
}
