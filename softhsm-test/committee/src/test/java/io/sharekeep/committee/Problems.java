package io.sharekeep.committee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** What everybody who did something wrong is owed: one clear answer, and nothing from inside. */
final class Problems {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Problems() {}

  /** The answer is an RFC 9457 problem of that code that says what is wrong. */
  static JsonNode assertProblem(
      int expectedStatus, String expectedCode, int status, String contentType, byte[] body) {
    var text = new String(body, UTF_8);
    assertEquals(expectedStatus, status, text);
    assertEquals("application/problem+json", contentType, text);
    assertNothingFromInside(text);
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
    assertEquals("urn:sharekeep:problem:" + expectedCode, json.path("type").asText(), text);
    assertEquals(status, json.path("status").asInt(), text);
    assertTrue(json.path("title").asText().length() > 10, text);
    assertTrue(json.path("detail").asText().length() > 10, text);
    return json;
  }

  /** A start that failed: its exit code and one sentence on standard error. */
  static void assertSentence(int exit, String words, Sharekeep.Result result) {
    assertEquals(exit, result.exit(), result.err());
    var lines = result.err().strip().lines().toList();
    assertEquals(1, lines.size(), result.err());
    assertTrue(lines.getFirst().startsWith("error: "), result.err());
    assertTrue(result.err().contains(words), result.err());
    assertNothingFromInside(result.err());
    assertNothingFromInside(result.out());
  }

  static void assertNothingFromInside(String text) {
    assertFalse(text.contains("\tat "), text);
    assertFalse(text.contains("Exception"), text);
    assertFalse(text.contains("io.sharekeep."), text);
  }

  /** Bad input is no fault of the appliance: its log has neither an error nor a stack trace. */
  static void assertNoFaultLogged(Member member) {
    try {
      for (var line : Files.readAllLines(member.log())) {
        assertFalse(line.contains("\"log.level\":\"ERROR\""), member.name() + ": " + line);
        assertFalse(line.contains("error.stack_trace"), member.name() + ": " + line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
