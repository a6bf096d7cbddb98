package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.qrcode.decoder.Decoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request goes to a machine without a network as codes on a screen, or as pasted text. */
class CarriedTest {
  private final SplittableRandom random = new SplittableRandom(20261123);

  @TempDir Path folder;

  /** Such as an export with a payload that does not compress. */
  private byte[] export(int payload) {
    var bytes = new byte[payload];
    random.nextBytes(bytes);
    return "{\"payload\":\"%s\"}".formatted(HexFormat.of().formatHex(bytes)).getBytes(UTF_8);
  }

  private static String refused(List<String> lines) {
    return String.valueOf(
        assertThrows(CliProblem.class, () -> Carried.json(String.join("\n", lines))).getMessage());
  }

  @Test
  void linesInAnyOrderAndTwiceOverAreWhatWasShown() {
    for (int size : List.of(0, 1, 200, 5000, 60_000)) {
      var json = export(size);
      var lines = new ArrayList<>(Carried.lines(json));
      assertEquals(size >= 5000, lines.size() > 1);
      lines.addAll(List.copyOf(lines));
      Collections.shuffle(lines, new Random(size));
      assertArrayEquals(json, Carried.json("\n " + String.join(" \n\n", lines)));
    }
  }

  @Test
  void whatIsMissingMixedOrMisreadIsRefused() {
    var lines = Carried.lines(export(3000));
    assertTrue(lines.size() > 2);
    for (int i = 0; i < lines.size(); i++) {
      var some = new ArrayList<>(lines);
      some.remove(i);
      assertEquals("part " + (i + 1) + " of " + lines.size() + " is missing", refused(some));
    }
    var mixed = new ArrayList<>(lines);
    mixed.set(1, Carried.lines(export(3000)).get(1));
    assertTrue(refused(mixed).contains("two different things"));
    var misread = new ArrayList<>(lines);
    var line = misread.get(0);
    misread.set(
        0, line.substring(0, 60) + (line.charAt(60) == 'A' ? 'B' : 'A') + line.substring(61));
    assertTrue(refused(misread).contains("read the codes again"), refused(misread));
    misread.add(line);
    assertTrue(refused(misread).contains("part 1 is not what it was"));
    assertTrue(refused(List.of(line.replace("/1/", "/0/"))).contains("no part of a request"));
    assertTrue(refused(List.of(lines.get(0), "hello")).contains("no part of a request"));
    assertTrue(refused(List.of("")).contains("unpack"));
    var renamed =
        Carried.lines(export(10)).getFirst().replaceFirst("/[0-9a-f]{16}/", "/0011223344556677/");
    assertTrue(refused(List.of(renamed)).contains("not what was shown"));
  }

  /** A few bytes that unpack to gigabytes fill no memory. */
  @Test
  void whatUnpacksToMoreThanAMegabyteIsRefused() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(packed)) {
      deflater.write(new byte[64 << 20]);
    }
    var text = Base64.getUrlEncoder().withoutPadding().encodeToString(packed.toByteArray());
    assertTrue(
        refused(List.of("SHAREKEEP1/1/1/0011223344556677/" + text)).contains("does not unpack"));
  }

  @Test
  void aFileOrTheStandardInputHoldsJsonOrItsLines() throws IOException {
    var json = export(40);
    var lines = String.join("\n", Carried.lines(json));
    var file = folder.resolve("r");
    var none = new ByteArrayInputStream(new byte[0]);
    var expected = Request.object(file, json);
    for (var text : List.of(new String(json, UTF_8), lines, "\n" + lines + "\n")) {
      Files.writeString(file, text);
      assertEquals(expected, Carried.read(file, none, "the request"));
      var in = new ByteArrayInputStream(text.getBytes(UTF_8));
      assertEquals(expected, Carried.read(Path.of("-"), in, "the request"));
    }
    assertThrows(CliProblem.class, () -> Carried.read(Path.of("-"), none, "the request"));
  }

  /** Off the blocks that are drawn, as a camera sees them. */
  @Test
  void theCodesOnTheScreenReadAsTheirText() throws Exception {
    var json = export(1500);
    var screen = new StringWriter();
    Carried.show(new PrintWriter(screen), json);
    var codes = new ArrayList<List<String>>();
    for (var line : screen.toString().lines().toList()) {
      if (line.startsWith("code ")) {
        codes.add(new ArrayList<>());
      } else if (line.startsWith("\u001b")) {
        codes.getLast().add(line.replaceAll("\u001b\\[[0-9;]*m", ""));
      }
    }
    var texts = new ArrayList<String>();
    for (var code : codes) {
      texts.add(new Decoder().decode(modules(code)).getText());
    }
    assertEquals(Carried.lines(json), texts);
    assertArrayEquals(json, Carried.json(String.join("\n", texts)));
  }

  /** The modules inside the four of white on each side. */
  private static boolean[][] modules(List<String> lines) {
    int size = lines.getFirst().length() - 8;
    var modules = new boolean[size][size];
    for (int y = 0; y < 2 * lines.size(); y++) {
      for (int x = 0; x < size + 8; x++) {
        char cell = lines.get(y / 2).charAt(x);
        boolean dark = cell == '█' || cell == (y % 2 == 0 ? '▀' : '▄');
        if (x >= 4 && x < size + 4 && y >= 4 && y < size + 4) {
          modules[y - 4][x - 4] = dark;
        } else {
          assertTrue(!dark, "white around the code");
        }
      }
    }
    return modules;
  }
}
