package io.sharekeep.cbor;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Draws items that a profile admits. */
final class RandomItems {
  private final SplittableRandom random;
  private final CborProfile profile;

  RandomItems(long seed, CborProfile profile) {
    this.random = new SplittableRandom(seed);
    this.profile = profile;
  }

  Cbor draw() {
    return item(profile.maxDepth());
  }

  private Cbor item(int depthLeft) {
    boolean evidence = profile == CborProfile.EVIDENCE;
    int kinds = depthLeft == 0 ? 4 : 7;
    return switch (random.nextInt(kinds)) {
      case 0 ->
          evidence && random.nextBoolean()
              ? random.nextBoolean() ? new Cbor.Null() : new Cbor.Negative(~magnitude())
              : Cbor.uint(magnitude());
      case 1 -> Cbor.bytes(bytes());
      case 2 -> Cbor.text(text());
      case 3 -> Cbor.bool(random.nextBoolean());
      case 4 -> {
        var items = new ArrayList<Cbor>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(item(depthLeft - 1));
        }
        yield Cbor.list(items);
      }
      case 5 -> mapping(depthLeft, evidence);
      default ->
          evidence
              ? random.nextBoolean()
                  ? Cbor.tag(random.nextBoolean() ? 18 : 61, item(depthLeft - 1))
                  : dictionary(depthLeft)
              : mapping(depthLeft, false);
    };
  }

  private Cbor mapping(int depthLeft, boolean evidence) {
    var entries = new TreeMap<Long, Cbor>(Cbor.KEY_ORDER);
    for (int i = random.nextInt(5); i > 0; i--) {
      long key = magnitude();
      entries.put(evidence && random.nextBoolean() ? ~key : key, item(depthLeft - 1));
    }
    return new Cbor.Mapping(entries);
  }

  private Cbor dictionary(int depthLeft) {
    var entries = new TreeMap<String, Cbor>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      entries.put(text(), item(depthLeft - 1));
    }
    return new Cbor.Dictionary(entries);
  }

  /** Every length of head is about equally likely. */
  private long magnitude() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private byte[] bytes() {
    var bytes = new byte[random.nextInt(10) == 0 ? 300 : random.nextInt(30)];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      int bound = profile == CborProfile.EVIDENCE && random.nextBoolean() ? 0x20000 : 0x80;
      int point = random.nextInt(bound);
      text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return text.toString();
  }
}
