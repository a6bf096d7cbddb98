package io.sharekeep.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RoundTableTest {
  private final StringWriter text = new StringWriter();

  private RoundTable table(boolean live) {
    var table = new RoundTable(new PrintWriter(text), live);
    table.line("id: 1");
    table.line("event: session");
    table.line("data: {\"rounds\":2,\"parties\":[1,3]}");
    table.line("data: {\"round\":1,\"party\":3,\"stage\":\"asked\"}");
    table.line("data: {\"round\":1,\"party\":3,\"stage\":\"answered\"}");
    return table;
  }

  @Test
  void elsewhereEachAnswerIsALine() {
    table(false).line("data: {\"end\":\"signed\"}");
    assertEquals("2 rounds among parties 1, 3\nround 1 of 2: party 3 answered\n", text.toString());
  }

  @Test
  void onATerminalTheTableIsWrittenOver() {
    table(true);
    var whole =
        """
                  round 1   round 2   \u001b[K
        party 1   -         -         \u001b[K
        party 3   answered  -         \u001b[K
        """;
    assertEquals(whole, text.toString().substring(text.toString().length() - whole.length()));
    assertEquals(3, text.toString().split("\u001b\\[3F", -1).length);
  }

  @Test
  void whatAnApplianceMustNotSayIsNotShown() {
    var table = table(false);
    table.line("data: {\"round\":1,\"party\":3,\"stage\":\"\\u001b[2J\"}");
    table.line("data: {\"round\":9,\"party\":3,\"stage\":\"answered\"}");
    table.line("data: {\"round\":1,\"party\":7,\"stage\":\"answered\"}");
    table.line("data: {broken");
    table.line("data: {\"rounds\":1000000000,\"parties\":[1]}");
    assertFalse(text.toString().contains("\u001b"));
    assertFalse(text.toString().contains("round 9"));
    assertFalse(text.toString().contains("party 7"));
  }
}
