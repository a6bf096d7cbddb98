package io.sharekeep.enclave.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8785, as far as signed documents go. */
class CanonicalJsonTest {
  private static String canonical(String json) throws JsonProcessingException {
    return new String(CanonicalJson.bytes(new ObjectMapper().readTree(json)), UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ } | {}",
        "[ ] | []",
        "{\"b\": 1, \"a\": [true, false, {}], \"B\": -7} |"
            + " {\"B\":-7,\"a\":[true,false,{}],\"b\":1}",
        "{\"aa\": \"\", \"a\": \"x\", \"a b\": \"y\"} | {\"a\":\"x\",\"a b\":\"y\",\"aa\":\"\"}",
        "{\"a\": 123456789012345678901234567890} | {\"a\":123456789012345678901234567890}",
        "{\"a/b\": \"c/d\"} | {\"a/b\":\"c/d\"}"
      })
  void keysAreSortedAndNothingElseIsWritten(String json, String expected)
      throws JsonProcessingException {
    assertEquals(expected, canonical(json));
  }

  @Test
  void quotesAndBackslashesAreTheOnlyCharactersThatAreEscaped() throws JsonProcessingException {
    var all = new StringBuilder();
    for (char c = 0x20; c <= 0x7e; c++) {
      all.append(c);
    }
    var written = "\"" + all.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    assertEquals(written, canonical(written));
    assertEquals("{" + written + ":\"\\\\\"}", canonical("{" + written + ": \"\\u005c\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1.5",
        "1e3",
        "\"\\u007f\"",
        "\"\\n\"",
        "\"\\u00e9\"",
        "{\"\\u0000\": 1}",
        "[[null]]"
      })
  void whatHasNoPlaceInASignedDocumentIsRefused(String json) {
    assertThrows(MalformedJson.class, () -> canonical(json));
  }

  @Test
  void whatWasWrittenBeforeStandsAsItIs() {
    var json = new ObjectMapper().createObjectNode();
    json.put("z", 1);
    json.set("a", CanonicalJson.written("[{\"b\":2}]"));
    assertEquals("{\"a\":[{\"b\":2}],\"z\":1}", new String(CanonicalJson.bytes(json), UTF_8));
  }
}
