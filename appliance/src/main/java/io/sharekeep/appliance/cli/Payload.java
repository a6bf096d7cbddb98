package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An unsigned transaction from a file.
 *
 * @param form how the file was read
 */
record Payload(byte[] bytes, Form form) {
  private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{2})+");
  private static final Pattern BASE64 =
      Pattern.compile("([A-Za-z0-9+/]{4})+(|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)");

  /** How bytes lie in a file. */
  enum Form {
    AUTO,
    HEX,
    BASE64,
    BINARY
  }

  /** {@link Form#AUTO}: hex if it is all hex digits, else base64 if it is that, else as it is. */
  static Payload of(byte[] file, Form form) {
    var text = new String(file, US_ASCII).strip().replaceAll("\\R", "");
    return switch (form) {
      case AUTO -> {
        if (HEX.matcher(text).matches()) {
          yield of(file, Form.HEX);
        }
        yield of(file, BASE64.matcher(text).matches() ? Form.BASE64 : Form.BINARY);
      }
      case HEX -> {
        if (!HEX.matcher(text).matches()) {
          throw new CliProblem(ExitCode.USAGE, "the payload is not hex");
        }
        yield new Payload(HexFormat.of().parseHex(text), form);
      }
      case BASE64 -> {
        if (!BASE64.matcher(text).matches()) {
          throw new CliProblem(ExitCode.USAGE, "the payload is not base64");
        }
        yield new Payload(Base64.getDecoder().decode(text), form);
      }
      case BINARY -> new Payload(file.clone(), form);
    };
  }
}
