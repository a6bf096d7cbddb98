package io.sharekeep.cbor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CborDecoderTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "1817,not the shortest head",
    "1900ff,not the shortest head",
    "1a0000ffff,not the shortest head",
    "1b00000000ffffffff,not the shortest head",
    "580141,not the shortest head",
    "1b8000000000000000,integer beyond 63 bits",
    "a201000100,keys are not unique and ascending",
    "a202000100,keys are not unique and ascending",
    "0000,bytes after the item",
    "'',truncated",
    "41,truncated",
    "5affffffff,truncated",
    "991000,truncated",
    "b90fff,truncated",
    "991001,more than 4096 items",
    "9b7fffffffffffffff,more than 4096 items",
    "1c,indefinite length or reserved head",
    "9fff,indefinite length or reserved head",
    "a1410100,WIRE does not admit this key of a map",
    "a12000,WIRE does not admit this negative key",
    "a1616100,WIRE does not admit this text key",
    "61c3,text is not UTF-8",
    "62c3bc,WIRE does not admit this text beyond ASCII",
    "20,WIRE does not admit this negative integer",
    "f6,WIRE does not admit this null",
    "d28440a04040,WIRE does not admit this tag",
    "81818181818180,more than 6 nested containers"
  })
  void wireSaysWhyItRefuses(String hex, String reason) {
    var malformed =
        assertInstanceOf(
            Decoded.Malformed.class,
            CborDecoder.decode(CborProfile.WIRE, HEX.parseHex(hex), CborLimits.REPORT));
    assertEquals(reason, malformed.reason());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "a2616100616100,keys are not unique and ascending",
    "a2626161006162 00,keys are not unique and ascending",
    "a220000000,keys are not unique and ascending",
    "a2210020 00,keys are not unique and ascending",
    "a20000616100,EVIDENCE does not admit this key of a map",
    "a2616100 0000,EVIDENCE does not admit this map with mixed keys",
    "c100,EVIDENCE does not admit this tag",
    "61ff,text is not UTF-8",
    "63eda080,text is not UTF-8",
    "62c080,text is not UTF-8"
  })
  void evidenceSaysWhyItRefuses(String hex, String reason) {
    var malformed =
        assertInstanceOf(
            Decoded.Malformed.class,
            CborDecoder.decode(
                CborProfile.EVIDENCE, HEX.parseHex(hex.replace(" ", "")), CborLimits.REPORT));
    assertEquals(reason, malformed.reason());
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void nestingIsBoundedInBothDirections(CborProfile profile) {
    Cbor deepest = Cbor.list();
    for (int i = 1; i < profile.maxDepth(); i++) {
      deepest = Cbor.list(deepest);
    }
    var bytes = CborEncoder.encode(profile, deepest);
    assertEquals(
        new Decoded.Item(deepest), CborDecoder.decode(profile, bytes, CborLimits.ofBytes(100)));
    var deeper = Cbor.list(deepest);
    assertThrows(IllegalArgumentException.class, () -> CborEncoder.encode(profile, deeper));
  }

  @Test
  void limitsAreInclusive() {
    var bytes = CborEncoder.encode(CborProfile.WIRE, Cbor.list(Cbor.uint(1), Cbor.uint(2)));
    assertInstanceOf(
        Decoded.Item.class, CborDecoder.decode(CborProfile.WIRE, bytes, new CborLimits(3, 2)));
    assertEquals(
        new Decoded.Malformed("longer than 2 bytes", 0),
        CborDecoder.decode(CborProfile.WIRE, bytes, new CborLimits(2, 2)));
    assertEquals(
        new Decoded.Malformed("more than 1 items", 0),
        CborDecoder.decode(CborProfile.WIRE, bytes, new CborLimits(3, 1)));
  }

  @Test
  void evidenceOrdersKeysByTheirEncoding() {
    var numbered = Cbor.map(m -> m.put(-80_000, 1).put(-1, 2).put(500, 3).put(0, 4));
    assertEquals(
        "a400041901f4032002" + "3a0001387f01",
        HEX.formatHex(CborEncoder.encode(CborProfile.EVIDENCE, numbered)));
    var named =
        new Cbor.Dictionary(
            new TreeMap<>(Map.of("b", Cbor.uint(1), "aa", Cbor.uint(2), "é", Cbor.uint(3))));
    assertEquals(
        "a36162016261610262c3a903", HEX.formatHex(CborEncoder.encode(CborProfile.EVIDENCE, named)));
  }

  @Test
  void aCoseSign1OfEvidenceDecodes() {
    var cwt =
        Cbor.tag(
            61,
            Cbor.tag(
                18,
                Cbor.list(
                    Cbor.bytes(new byte[] {1}),
                    Cbor.map(m -> {}),
                    Cbor.bytes(new byte[0]),
                    Cbor.bytes(new byte[96]))));
    var bytes = CborEncoder.encode(CborProfile.EVIDENCE, cwt);
    assertEquals("d83dd2844101a0405860", HEX.formatHex(bytes).substring(0, 20));
    assertEquals(
        new Decoded.Item(cwt), CborDecoder.decode(CborProfile.EVIDENCE, bytes, CborLimits.REPORT));
  }

  @Test
  void wireWritesNothingThatItWouldNotRead() {
    for (Cbor item :
        List.of(
            new Cbor.Negative(-1),
            new Cbor.Null(),
            Cbor.text("é"),
            Cbor.tag(18, Cbor.uint(1)),
            Cbor.map(m -> m.put(-1, 1)),
            new Cbor.Dictionary(new TreeMap<>(Map.of("a", Cbor.uint(1)))))) {
      assertThrows(
          IllegalArgumentException.class, () -> CborEncoder.encode(CborProfile.WIRE, item));
    }
  }

  @Test
  void itemsRefuseWhatHasNoEncoding() {
    assertThrows(IllegalArgumentException.class, () -> Cbor.uint(-1));
    assertThrows(IllegalArgumentException.class, () -> new Cbor.Negative(0));
    assertThrows(IllegalArgumentException.class, () -> Cbor.text("\ud800"));
    assertThrows(IllegalArgumentException.class, () -> new Cbor.Dictionary(new TreeMap<>()));
    assertThrows(IllegalArgumentException.class, () -> Cbor.map(m -> m.put(1, 1).put(1, true)));
  }

  @Test
  void bytesAreCopiedOnTheWayInAndOut() {
    var array = new byte[] {1, 2, 3};
    var item = new Cbor.Bytes(array);
    array[0] = 9;
    item.value()[1] = 9;
    assertEquals(new Cbor.Bytes(new byte[] {1, 2, 3}), item);
  }
}
