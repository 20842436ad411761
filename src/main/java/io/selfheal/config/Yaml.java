package io.selfheal.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML 1.2 text to nodes that know their line. */
final class Yaml {
  private Yaml() {}

  /** A value with its line, counted from 1. */
  sealed interface Value {
    int line();
  }

  /** Keys with values, in the order of the file. */
  record Mapping(int line, Map<String, Value> entries) implements Value {}

  /** A list. */
  record Sequence(int line, List<Value> items) implements Value {}

  /** A single value; {@code text} is empty for null. */
  record Scalar(int line, String text, boolean isNull) implements Value {}

  /** The root mapping; an empty file is an empty mapping. */
  static Mapping parse(String file, String text) throws BadConfiguration {
    try {
      Optional<Node> root =
          new Compose(
                  LoadSettings.builder()
                      .setLabel(file)
                      .setAllowDuplicateKeys(false)
                      // Ten thousand services with all of their keys fit.
                      .setCodePointLimit(1 << 24)
                      .build())
              .composeString(text);
      if (root.isEmpty()) {
        return new Mapping(1, Map.of());
      }
      if (convert(file, root.get()) instanceof Mapping mapping) {
        return mapping;
      }
      throw bad(file, 1, "the file is not a mapping", "write keys such as \"agent:\"");
    } catch (MarkedYamlEngineException wrong) {
      int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw bad(file, line, "not YAML: " + wrong.getProblem(), "check indentation and quotes");
    } catch (YamlEngineException wrong) {
      throw bad(file, 1, "not YAML: " + wrong.getMessage(), "");
    }
  }

  /** A value without its lines: the same for the same content. */
  static String written(Value value) {
    return switch (value) {
      case Mapping mapping ->
          mapping.entries().entrySet().stream()
              .map(entry -> entry.getKey() + ": " + written(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Sequence sequence ->
          sequence.items().stream().map(Yaml::written).collect(Collectors.joining(", ", "[", "]"));
      case Scalar scalar -> scalar.isNull() ? "~" : "\"" + scalar.text() + "\"";
    };
  }

  private static BadConfiguration bad(String file, int line, String cause, String hint) {
    return new BadConfiguration(List.of(new Problem(file + ":" + line, "", cause, hint)));
  }

  private static Value convert(String file, Node node) throws BadConfiguration {
    int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    if (node instanceof MappingNode mapping) {
      Map<String, Value> entries = new LinkedHashMap<>();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw bad(file, line, "a key is not a plain word", "");
        }
        if (entries.putIfAbsent(key.getValue(), convert(file, tuple.getValueNode())) != null) {
          int at = key.getStartMark().map(Mark::getLine).orElse(0) + 1;
          throw bad(file, at, "the key \"" + key.getValue() + "\" is there twice", "keep one");
        }
      }
      return new Mapping(line, entries);
    }
    if (node instanceof SequenceNode sequence) {
      List<Value> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(convert(file, item));
      }
      return new Sequence(line, items);
    }
    ScalarNode scalar = (ScalarNode) node;
    boolean isNull = scalar.isPlain() && List.of("", "~", "null").contains(scalar.getValue());
    return new Scalar(line, isNull ? "" : scalar.getValue(), isNull);
  }
}
