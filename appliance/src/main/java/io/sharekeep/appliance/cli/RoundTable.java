package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Shows the rounds of a request as they go on: a table of parties and rounds that is written over
 * on a terminal, and a line for each answer elsewhere. Takes a stream of server-sent events line by
 * line, on one thread.
 */
final class RoundTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ESCAPE = "\u001b[";
  private static final String DATA = "data: ";
  private static final int WIDTH = 10;

  /** What nobody needs to be shown more of; committees are smaller. */
  private static final int MOST = 64;

  private final PrintWriter out;
  private final boolean live;
  private final Map<Integer, String[]> parties = new TreeMap<>();
  private int rounds;
  private int written;

  /**
   * @param live whether what was written can be written over
   */
  RoundTable(PrintWriter out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** Whether a person watches who can see a table change. */
  static boolean isLive() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && !"dumb".equals(System.getenv("TERM"));
  }

  void line(String line) {
    if (!line.startsWith(DATA)) {
      return;
    }
    try {
      event(JSON.readTree(line.substring(DATA.length())));
    } catch (IOException e) {
      // A newer appliance may say more than is understood here; progress is a courtesy.
    }
  }

  private void event(JsonNode event) {
    if (event.has("parties")) {
      begin(event);
    } else if (event.has("stage")) {
      step(event.path("round").asInt(), event.path("party").asInt(), event.path("stage").asText());
    }
  }

  private void begin(JsonNode event) {
    if (!parties.isEmpty()) {
      out.println("a party was lost; beginning again with others");
    }
    parties.clear();
    written = 0;
    rounds = Math.clamp(event.path("rounds").asInt(), 0, MOST);
    var names = new ArrayList<String>();
    for (var party : event.path("parties")) {
      if (parties.size() < MOST) {
        parties.put(party.asInt(), new String[rounds]);
        names.add(party.asText());
      }
    }
    if (live) {
      draw();
    } else {
      out.println(rounds + " rounds among parties " + String.join(", ", names));
      out.flush();
    }
  }

  private void step(int round, int party, String stage) {
    var row = parties.get(party);
    if (row == null || round < 1 || round > rounds || !stage.matches("[a-z]{1,9}")) {
      return;
    }
    row[round - 1] = stage;
    if (live) {
      draw();
    } else if (!stage.equals("asked")) {
      out.println("round " + round + " of " + rounds + ": party " + party + " " + stage);
      out.flush();
    }
  }

  private void draw() {
    var text = new StringBuilder();
    if (written > 0) {
      text.append(ESCAPE).append(written).append('F');
    }
    text.append(cell(""));
    for (int round = 1; round <= rounds; round++) {
      text.append(cell("round " + round));
    }
    end(text);
    parties.forEach((party, row) -> {
      text.append(cell("party " + party));
      for (var stage : row) {
        text.append(cell(stage == null ? "-" : stage));
      }
      end(text);
    });
    written = 1 + parties.size();
    out.print(text);
    out.flush();
  }

  private static String cell(String text) {
    return text + " ".repeat(Math.max(1, WIDTH - text.length()));
  }

  private static void end(StringBuilder text) {
    text.append(ESCAPE).append("K\n");
  }
}
