package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A JSON object on its way to or from a machine without a network: a file, or lines of text that a
 * camera reads off a screen and a person pastes, in any order.
 *
 * <pre>SHAREKEEP1/PART/PARTS/FIRST 16 DIGITS OF THE SHA-256/BASE64URL OF SOME OF THE DEFLATED JSON
 * </pre>
 */
final class Carried {
  /** What every line begins with. */
  static final String MARK = "SHAREKEEP1/";

  /** A QR code of so many characters is still read by a phone off a laptop's screen. */
  private static final int PART = 900;

  private static final int MAX_PARTS = 999;
  private static final int MAX_BYTES = 1 << 20;
  private static final int NAME = 16;
  private static final Pattern LINE =
      Pattern.compile(
          MARK + "([1-9][0-9]{0,2})/([1-9][0-9]{0,2})/([0-9a-f]{" + NAME + "})/([A-Za-z0-9_-]+)");
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Carried() {}

  /** The lines of that text, one QR code each. */
  static List<String> lines(byte[] json) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    var text = new StringBuilder();
    try {
      deflater.setInput(json);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      text.append(BASE64.encodeToString(out.toByteArray()));
    } finally {
      deflater.end();
    }
    int parts = (text.length() + PART - 1) / PART;
    if (json.length > MAX_BYTES || parts > MAX_PARTS) {
      throw new CliProblem(ExitCode.USAGE, "that is too long for QR codes; write it to a file");
    }
    var lines = new ArrayList<String>();
    for (int part = 0; part < parts; part++) {
      lines.add(
          MARK
              + (part + 1)
              + "/"
              + parts
              + "/"
              + name(json)
              + "/"
              + text.substring(part * PART, Math.min(text.length(), (part + 1) * PART)));
    }
    return lines;
  }

  /** Shows it as QR codes, one under the other, each with its text for whoever pastes instead. */
  static void show(PrintWriter out, byte[] json) {
    var lines = lines(json);
    for (int i = 0; i < lines.size(); i++) {
      out.println("code " + (i + 1) + " of " + lines.size());
      QrCode.of(lines.get(i)).lines().forEach(out::println);
      out.println(lines.get(i));
      out.println();
    }
    out.flush();
  }

  /**
   * Reads what a file or, under the name {@code -}, the standard input holds: JSON, or such lines.
   */
  static ObjectNode read(Path file, InputStream standard, String what) {
    byte[] bytes = file.toString().equals("-") ? all(standard, what) : PemFiles.read(file, what);
    var text = new String(bytes, UTF_8).strip();
    return Request.object(file, text.startsWith(MARK) ? json(text) : bytes);
  }

  private static byte[] all(InputStream in, String what) {
    try {
      byte[] bytes = in.readNBytes(2 * MAX_BYTES);
      if (bytes.length == 0) {
        throw new CliProblem(ExitCode.USAGE, "nothing came in; paste " + what + " and end it");
      }
      return bytes;
    } catch (IOException e) {
      throw new CliProblem(ExitCode.USAGE, "cannot read " + what + " from the standard input");
    }
  }

  /** What the lines carry, all of it and nothing else. */
  static byte[] json(String text) {
    var parts = new TreeMap<Integer, String>();
    String name = "";
    int of = 0;
    for (var line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      var matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw damaged("a line is no part of a request: read its code again");
      }
      if (of != 0 && (!matcher.group(3).equals(name) || Integer.parseInt(matcher.group(2)) != of)) {
        throw damaged("these are parts of two different things");
      }
      name = matcher.group(3);
      of = Integer.parseInt(matcher.group(2));
      int part = Integer.parseInt(matcher.group(1));
      var before = parts.put(part, matcher.group(4));
      if (part > of || (before != null && !before.equals(matcher.group(4)))) {
        throw damaged("part " + part + " is not what it was: read its code again");
      }
    }
    for (int part = 1; part <= of; part++) {
      if (!parts.containsKey(part)) {
        throw damaged("part " + part + " of " + of + " is missing");
      }
    }
    byte[] json = inflated(String.join("", parts.values()));
    if (of == 0 || !name(json).equals(name)) {
      throw damaged("what was read is not what was shown: read the codes again");
    }
    return json;
  }

  private static byte[] inflated(String text) {
    var inflater = new Inflater();
    try {
      inflater.setInput(Base64.getUrlDecoder().decode(text));
      var out = new ByteArrayOutputStream();
      var buffer = new byte[4096];
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        if (length == 0 || out.size() > MAX_BYTES) {
          throw damaged("what was read does not unpack: read the codes again");
        }
        out.write(buffer, 0, length);
      }
      return out.toByteArray();
    } catch (DataFormatException | IllegalArgumentException e) {
      throw damaged("what was read does not unpack: read the codes again");
    } finally {
      inflater.end();
    }
  }

  private static CliProblem damaged(String why) {
    return new CliProblem(ExitCode.USAGE, why);
  }

  private static String name(byte[] json) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(json))
          .substring(0, NAME);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
