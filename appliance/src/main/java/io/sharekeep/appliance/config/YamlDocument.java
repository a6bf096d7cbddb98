package io.sharekeep.appliance.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A document that people write in YAML (or JSON, which is YAML) and that is signed as JSON: what it
 * says, and where each field stands. Whatever YAML would read otherwise than it is written must be
 * in quotes; aliases, tags, empty values and anchors on anything but a scalar, where an anchor says
 * nothing, are refused.
 *
 * @param lines field, by its names and places joined by dots → line
 */
public record YamlDocument(String file, ObjectNode json, Map<String, Integer> lines) {
  /** No document is longer, in characters. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  private static final int MAX_DEPTH = 16;
  private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,8}");

  public YamlDocument {
    lines = Map.copyOf(lines);
  }

  /**
   * Reads one document.
   *
   * @throws ConfigurationProblem naming the line and the field
   */
  public static YamlDocument read(String file, String yaml) {
    if (yaml.length() > MAX_LENGTH) {
      throw new ConfigurationProblem(file + " has more than " + MAX_LENGTH + " characters");
    }
    try (var parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ConfigurationProblem(file + " must hold a mapping");
      }
      var reader = new Reader(file, parser, new HashMap<>());
      var json = reader.mapping("", 1);
      if (parser.nextToken() != null) {
        throw reader.wrong("", "only one document is read; remove what follows");
      }
      return new YamlDocument(file, json, reader.lines());
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new ConfigurationProblem(
          file
              + (at == null ? "" : " line " + at.getLineNr())
              + ": not valid YAML; mind indentation and quotes");
    } catch (IOException e) {
      throw new ConfigurationProblem(file + " cannot be read");
    }
  }

  /** {@code FILE line N}: of that field, or of the nearest thing around it that is written. */
  public String place(String path) {
    for (var at = path; !at.isEmpty(); at = around(at)) {
      var line = lines.get(at);
      if (line != null) {
        return file + " line " + line;
      }
    }
    return file;
  }

  private static String around(String path) {
    int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return path.substring(0, Math.max(end, 0));
  }

  private record Reader(String file, YAMLParser parser, Map<String, Integer> lines) {
    ObjectNode mapping(String path, int depth) throws IOException {
      if (depth > MAX_DEPTH) {
        throw wrong(path, "is nested too deeply");
      }
      var object = JsonNodeFactory.instance.objectNode();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var key = parser.currentName();
        var field = path.isEmpty() ? key : path + "." + key;
        if (lines.put(field, line()) != null) {
          throw wrong(field, "stands here twice; keep one of the two");
        }
        object.set(key, value(field, depth));
      }
      return object;
    }

    private JsonNode value(String path, int depth) throws IOException {
      return node(parser.nextToken(), path, depth);
    }

    private JsonNode node(JsonToken token, String path, int depth) throws IOException {
      if (parser.isCurrentAlias() || parser.getTypeId() != null || parser.getObjectId() != null) {
        throw wrong(path, "anchors, aliases and tags are not read; write it out");
      }
      return switch (token) {
        case START_OBJECT -> mapping(path, depth + 1);
        case START_ARRAY -> {
          if (depth >= MAX_DEPTH) {
            throw wrong(path, "is nested too deeply");
          }
          var list = JsonNodeFactory.instance.arrayNode();
          for (var next = parser.nextToken();
              next != JsonToken.END_ARRAY;
              next = parser.nextToken()) {
            var item = path + "[" + list.size() + "]";
            lines.put(item, line());
            list.add(node(next, item, depth + 1));
          }
          yield list;
        }
        case VALUE_STRING -> JsonNodeFactory.instance.textNode(parser.getText());
        case VALUE_TRUE, VALUE_FALSE -> {
          if (!parser.getText().equals("true") && !parser.getText().equals("false")) {
            throw wrong(path, "must be true or false in small letters, or in quotes");
          }
          yield JsonNodeFactory.instance.booleanNode(token == JsonToken.VALUE_TRUE);
        }
        case VALUE_NUMBER_INT -> {
          if (!INTEGER.matcher(parser.getText()).matches()) {
            throw wrong(path, "put it in quotes: YAML reads it as a number");
          }
          yield JsonNodeFactory.instance.numberNode(Integer.parseInt(parser.getText()));
        }
        case VALUE_NUMBER_FLOAT -> throw wrong(path, "put it in quotes: YAML reads it as a number");
        case VALUE_NULL -> throw wrong(path, "has no value");
        case NOT_AVAILABLE, FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT ->
            throw wrong(path, "is not read");
      };
    }

    private int line() {
      return parser.currentTokenLocation().getLineNr();
    }

    ConfigurationProblem wrong(String path, String what) {
      return new ConfigurationProblem(
          file + " line " + line() + ": " + (path.isEmpty() ? "" : path + ": ") + what);
    }
  }
}
