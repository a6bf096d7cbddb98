package io.sharekeep.appliance.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An unsigned transaction from a file.
 *
 * @param form how the file was read
 */
record Payload(byte[] bytes, Form form) {
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
        if (isHex(text)) {
          yield of(file, Form.HEX);
        }
        yield of(file, base64(text).isPresent() ? Form.BASE64 : Form.BINARY);
      }
      case HEX -> {
        if (!isHex(text)) {
          throw new CliProblem(ExitCode.USAGE, "the payload is not hex");
        }
        yield new Payload(HexFormat.of().parseHex(text), form);
      }
      case BASE64 -> {
        yield new Payload(
            base64(text)
                .orElseThrow(() -> new CliProblem(ExitCode.USAGE, "the payload is not base64")),
            form);
      }
      case BINARY -> new Payload(file.clone(), form);
    };
  }

  // No regular expression: of a repeated group Java's would take a stack frame for each pair.
  private static boolean isHex(String text) {
    return !text.isEmpty()
        && text.length() % 2 == 0
        && text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static Optional<byte[]> base64(String text) {
    if (text.isEmpty() || text.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // the only way to ask the JDK
    }
  }
}
