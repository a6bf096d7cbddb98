package io.sharekeep.appliance.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A strict subset of YAML: mappings of mappings and scalars, every key once. Anchors, aliases, tags
 * and lists are refused. Each node knows its line, for messages.
 */
sealed interface YamlTree {
  int line();

  record Scalar(int line, String text) implements YamlTree {}

  record Mapping(int line, Map<String, YamlTree> entries) implements YamlTree {}

  /**
   * Reads one document.
   *
   * @throws ConfigurationProblem naming the line
   */
  static Mapping read(String file, String yaml) {
    try (var parser = new YAMLFactory().createParser(yaml)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ConfigurationProblem(file + " must hold a mapping of settings");
      }
      var tree = mapping(file, parser);
      if (parser.nextToken() != null) {
        throw new ConfigurationProblem(
            file + " line " + line(parser) + ": only one document is read; remove what follows");
      }
      return tree;
    } catch (JacksonException e) {
      throw new ConfigurationProblem(
          file + " line " + e.getLocation().getLineNr() + ": not valid YAML; mind the indentation");
    } catch (IOException e) {
      throw new ConfigurationProblem(file + " cannot be read");
    }
  }

  private static Mapping mapping(String file, YAMLParser parser) throws IOException {
    int begin = line(parser);
    var entries = new LinkedHashMap<String, YamlTree>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var key = parser.currentName();
      int line = line(parser);
      var token = parser.nextToken();
      if (parser.isCurrentAlias()
          || parser.getTypeId() != null
          || parser.getObjectId() != null
          || token == JsonToken.START_ARRAY) {
        throw new ConfigurationProblem(
            file
                + " line "
                + line
                + ": anchors, aliases, tags and lists are not read here; write "
                + key
                + " out");
      }
      YamlTree value =
          token == JsonToken.START_OBJECT
              ? mapping(file, parser)
              : new Scalar(line, parser.getText());
      if (entries.put(key, value) != null) {
        throw new ConfigurationProblem(
            file + " line " + line + ": " + key + " stands here twice; keep one of the two");
      }
    }
    return new Mapping(begin, entries);
  }

  private static int line(YAMLParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
