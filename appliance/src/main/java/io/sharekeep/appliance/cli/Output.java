package io.sharekeep.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a command shows its result. */
final class Output {
  /** For people or for programs. */
  enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      defaultValue = "table",
      description = "How to print the result (default: ${DEFAULT-VALUE}).")
  Format format = Format.TABLE;

  /** Sends a request for signatures or a key; people see how it goes on. */
  JsonNode follow(
      ApiClient client, String path, ObjectNode body, String requestId, PrintWriter err) {
    return switch (format) {
      case JSON -> client.post(path, body);
      case TABLE -> client.post(path, body, requestId, new RoundTable(err, RoundTable.isLive()));
    };
  }

  /** JSON as it is, or one line per field. */
  void print(PrintWriter out, JsonNode json) {
    switch (format) {
      case JSON -> out.println(json.toPrettyString());
      case TABLE -> {
        var lines = new ArrayList<String[]>();
        flatten("", json, lines);
        table(out, lines);
      }
    }
    out.flush();
  }

  /** JSON as it is, or a table with these columns. */
  void print(PrintWriter out, JsonNode json, List<String> columns, Iterable<JsonNode> rows) {
    if (format == Format.JSON) {
      print(out, json);
      return;
    }
    var lines = new ArrayList<String[]>();
    lines.add(
        columns.stream().map(c -> c.toUpperCase(java.util.Locale.ROOT)).toArray(String[]::new));
    for (var row : rows) {
      lines.add(columns.stream().map(c -> text(row.path(c))).toArray(String[]::new));
    }
    table(out, lines);
    out.flush();
  }

  private static void flatten(String prefix, JsonNode node, List<String[]> lines) {
    if (node.isObject()) {
      node.properties()
          .forEach(field ->
              flatten(
                  prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                  field.getValue(),
                  lines));
    } else if (node.isArray() && node.size() > 0 && node.get(0).isContainerNode()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(prefix + "[" + i + "]", node.get(i), lines);
      }
    } else {
      lines.add(new String[] {prefix, text(node)});
    }
  }

  private static String text(JsonNode node) {
    if (node.isArray()) {
      var items = new ArrayList<String>();
      node.forEach(item -> items.add(item.asText()));
      return String.join(" ", items);
    }
    return node.isValueNode() ? node.asText() : node.isMissingNode() ? "" : node.toString();
  }

  private static void table(PrintWriter out, List<String[]> lines) {
    int columns = lines.stream().mapToInt(line -> line.length).max().orElse(0);
    var widths = new int[columns];
    for (var line : lines) {
      for (int i = 0; i < line.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    for (var line : lines) {
      var text = new StringBuilder();
      for (int i = 0; i < line.length; i++) {
        text.append(line[i]);
        if (i < line.length - 1) {
          text.append(" ".repeat(widths[i] - line[i].length() + 2));
        }
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
