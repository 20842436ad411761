package io.selfheal.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.selfheal.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which job a person means by an id as it was typed. Some sources have ids that are JSON arrays,
 * such as {@code ["mails", "57d6"]}: the same array with other spaces is the same id, and its last
 * element alone is enough where it is that of one job. Pure.
 */
final class JobIds {
  private static final ObjectReader STRICT =
      Json.mapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JobIds() {}

  /**
   * The ids that are meant, in the order of {@code known}: the same id alone, or all whose last
   * element was typed.
   */
  static List<String> meant(String typed, Collection<String> known) {
    if (known.contains(typed)) {
      return List.of(typed);
    }
    Optional<JsonNode> array = array(typed);
    return known.stream()
        .distinct()
        .filter(
            id -> array.isPresent() ? array(id).equals(array) : last(id).equals(Optional.of(typed)))
        .toList();
  }

  /** How every id ends that may be meant, as PostgreSQL writes it; empty: nothing is known. */
  static Optional<String> ending(String typed) {
    Optional<String> last = array(typed).isPresent() ? last(typed) : Optional.of(typed);
    return last.map(text -> Json.text(Json.mapper().getNodeFactory().textNode(text)) + "]");
  }

  /** The last element of an id that is an array and ends with a text. */
  static Optional<String> last(String id) {
    return array(id)
        .map(all -> all.path(all.size() - 1))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }

  private static Optional<JsonNode> array(String id) {
    if (!id.strip().startsWith("[")) {
      return Optional.empty();
    }
    try {
      return Optional.of(STRICT.readTree(id)).filter(JsonNode::isArray);
    } catch (JsonProcessingException other) {
      return Optional.empty();
    }
  }
}
