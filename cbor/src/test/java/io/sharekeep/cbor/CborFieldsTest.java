package io.sharekeep.cbor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CborFieldsTest {
  private record Member(int id, String name, List<Long> points) {}

  private record Proposal(long version, int keyLength, List<Member> members, Optional<Long> at) {}

  private static Proposal proposal(CborFields f) {
    return new Proposal(
        f.uint(1, 1, 1),
        f.bytes(2, 16).length,
        f.list(
            3,
            1,
            5,
            m -> new Member(m.uint32(0, 1, 65535), m.text(1, 1, 8), m.uints(2, 1, 3, 1, 65535))),
        f.optional(4, o -> o.uint(4)));
  }

  private static CborMap legal(CborMap map) {
    return map.put(1, 1)
        .put(2, new byte[16])
        .put(3, Cbor.list(Cbor.list(Cbor.uint(7), Cbor.text("ada"), Cbor.list(Cbor.uint(9)))));
  }

  @Test
  void aSchemaReadsEveryField() {
    var expected = List.of(new Member(7, "ada", List.of(9L)));
    assertEquals(
        new Parsed.Valid<>(new Proposal(1, 16, expected, Optional.empty())),
        CborFields.read(Cbor.map(CborFieldsTest::legal), CborFieldsTest::proposal));
    assertEquals(
        new Parsed.Valid<>(new Proposal(1, 16, expected, Optional.of(5L))),
        CborFields.read(Cbor.map(m -> legal(m).put(4, 5)), CborFieldsTest::proposal));
  }

  @Test
  void bytesOnTheWireAreParsedInOneStep() {
    var bytes = CborEncoder.encode(CborProfile.WIRE, Cbor.map(CborFieldsTest::legal));
    assertInstanceOf(
        Parsed.Valid.class,
        CborDecoder.parse(CborProfile.WIRE, bytes, CborLimits.REPORT, CborFieldsTest::proposal));
    assertEquals(
        new Parsed.Malformed<>("truncated at offset 0"),
        CborDecoder.parse(
            CborProfile.WIRE, new byte[0], CborLimits.REPORT, CborFieldsTest::proposal));
    assertEquals(
        Optional.empty(),
        CborDecoder.parse(
                CborProfile.WIRE, new byte[0], CborLimits.REPORT, CborFieldsTest::proposal)
            .valid());
  }

  @Test
  void anUnknownFieldIsRefused() {
    refused("field 5 is not known", m -> legal(m).put(5, 1));
    for (long key : new long[] {0, 63, 64, 65, 68, 1L << 32 | 1, Long.MAX_VALUE, -1, -64}) {
      refused("field " + key + " is not known", m -> legal(m).put(key, 1));
    }
  }

  @Test
  void aFieldBeyondTheFirstSixtyFourIsKnownOnceItIsAskedFor() {
    assertEquals(
        new Parsed.Valid<>(3L),
        CborFields.read(
            Cbor.map(m -> m.put(0, 1).put(64, 1).put(-1, 1)),
            f -> f.uint(0) + f.uint(64) + f.uint(-1)));
  }

  @Test
  void anUnknownElementOfAnArrayIsRefused() {
    refused(
        "field 3[0].3 is not known",
        m ->
            m.put(1, 1)
                .put(2, new byte[16])
                .put(
                    3,
                    Cbor.list(
                        Cbor.list(
                            Cbor.uint(7),
                            Cbor.text("ada"),
                            Cbor.list(Cbor.uint(9)),
                            Cbor.uint(1)))));
  }

  @Test
  void aMissingFieldIsRefused() {
    refused("field 2 is missing", m -> m.put(1, 1));
  }

  @Test
  void eachGetterRefusesOtherTypesAndBounds() {
    refuses("field 1 is not an unsigned integer", Cbor.bool(true), f -> f.uint(1));
    refuses("field 1 is not an unsigned integer", Cbor.integer(-1), f -> f.uint(1));
    refuses("field 1 is not within 2..3", Cbor.uint(4), f -> f.uint(1, 2, 3));
    refuses("field 1 is not within 2..3", Cbor.uint(1), f -> f.uint32(1, 2, 3));
    refuses("field 1 is not an integer", Cbor.text("1"), f -> f.integer(1, -5, 5));
    refuses("field 1 is not within -5..5", Cbor.integer(-6), f -> f.integer(1, -5, 5));
    refuses("field 1 is not a boolean", Cbor.uint(1), f -> f.bool(1));
    refuses("field 1 is not a byte string", Cbor.text("1"), f -> f.bytes(1, 1));
    refuses("field 1 is not within 2..2", Cbor.bytes(new byte[3]), f -> f.bytes(1, 2));
    refuses("field 1 is not text", Cbor.bytes(new byte[1]), f -> f.text(1, 0, 9));
    refuses("field 1 is not within 0..1", Cbor.text("ab"), f -> f.text(1, 0, 1));
    refuses("field 1 is not an array", Cbor.uint(1), f -> f.list(1, 0, 1));
    refuses("field 1 is not within 1..2", Cbor.list(), f -> f.list(1, 1, 2));
    refuses("field 1 is not within 1..2", Cbor.list(Cbor.uint(3)), f -> f.uints(1, 1, 1, 1, 2));
    refuses(
        "field 1 is not within 2..2",
        Cbor.list(Cbor.bytes(new byte[1])),
        f -> f.byteStrings(1, 1, 1, 2));
    refuses("item 1. is neither a map nor an array", Cbor.uint(1), f -> f.nested(1, g -> g.size()));
    refuses("field 1 is not a map with text keys", Cbor.uint(1), f -> f.dictionary(1));
    refuses(
        "field 1 must be even",
        Cbor.uint(1),
        f -> {
          f.require(f.uint(1) % 2 == 0, 1, "must be even");
          return true;
        });
    refuses(
        "field 1 is no point", Cbor.uint(1), f -> f.require(Optional.empty(), 1, "is no point"));
  }

  @Test
  void eachGetterReadsItsType() {
    reads(5L, Cbor.uint(5), f -> f.uint(1));
    reads(-5L, Cbor.integer(-5), f -> f.integer(1, -5, 5));
    reads(5L, Cbor.integer(5), f -> f.integer(1, -5, 5));
    reads(true, Cbor.bool(true), f -> f.bool(1));
    reads("ab", Cbor.text("ab"), f -> f.text(1, 2, 2));
    reads(
        2,
        Cbor.list(Cbor.bytes(new byte[3]), Cbor.bytes(new byte[3])),
        f -> f.byteStrings(1, 2, 2, 3).size());
    reads(9L, Cbor.map(m -> m.put(3, 9)), f -> f.<Long>nested(1, g -> g.uint(3)));
    reads(0, Cbor.map(m -> {}), f -> f.dictionary(1).size());
    reads(
        Cbor.uint(2),
        new Cbor.Dictionary(new TreeMap<>(Map.of("a", Cbor.uint(2)))),
        f -> Optional.ofNullable(f.dictionary(1).get("a")).orElseThrow());
    reads(
        "point", Cbor.uint(1), f -> f.has(1) ? f.require(Optional.of("point"), f.uint(1), "") : "");
  }

  private static void refused(String reason, Consumer<CborMap> fields) {
    assertEquals(
        new Parsed.Malformed<>(reason),
        CborFields.read(Cbor.map(fields), CborFieldsTest::proposal));
  }

  private static <T> void refuses(String reason, Cbor field, Function<CborFields, T> schema) {
    assertEquals(
        new Parsed.Malformed<>(reason), CborFields.read(Cbor.map(m -> m.put(1, field)), schema));
  }

  private static <T> void reads(T expected, Cbor field, Function<CborFields, T> schema) {
    assertEquals(
        new Parsed.Valid<>(expected), CborFields.read(Cbor.map(m -> m.put(1, field)), schema));
  }
}
