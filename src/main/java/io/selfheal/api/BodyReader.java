package io.selfheal.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.selfheal.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON bodies to records; nothing is coerced: "1" is no number, 1.5 no whole one. */
final class BodyReader {
  private static final ObjectMapper STRICT = strict();
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private BodyReader() {}

  /**
   * @throws ApiFailure when it is not JSON, or not that record
   */
  static <T extends Body> T read(byte[] content, Class<T> type) {
    T body = parse(content.length == 0 ? EMPTY_OBJECT : content, type);
    FieldCheck check = new FieldCheck();
    body.check(check);
    check.finish();
    return body;
  }

  private static <T extends Body> T parse(byte[] content, Class<T> type) {
    @Nullable T body;
    try {
      body = STRICT.readValue(content, type);
    } catch (UnrecognizedPropertyException unknown) {
      throw ApiFailure.field(path(unknown), "is not known; " + known(unknown));
    } catch (JsonMappingException wrong) {
      throw mismatch(wrong);
    } catch (JsonProcessingException malformed) {
      throw malformed(malformed.getLocation(), malformed.getOriginalMessage());
    } catch (IOException unreadable) {
      throw malformed(null, "not UTF-8");
    }
    if (body == null) {
      throw notAnObject();
    }
    return body;
  }

  private static ApiFailure mismatch(JsonMappingException wrong) {
    if (wrong.getCause() instanceof InputCoercionException) {
      return ApiFailure.field(path(wrong), "must be a whole number");
    }
    // The parser's own complaints come wrapped when they arise inside a field.
    if (wrong.getCause() instanceof JsonProcessingException malformed
        && !(malformed instanceof JsonMappingException)) {
      return malformed(malformed.getLocation(), malformed.getOriginalMessage());
    }
    if (!(wrong instanceof MismatchedInputException mismatched)) {
      return malformed(wrong.getLocation(), wrong.getOriginalMessage());
    }
    if (!mismatched.getPath().isEmpty()) {
      return ApiFailure.field(path(mismatched), "must be " + form(mismatched.getTargetType()));
    }
    // Nothing was entered: either the whole is no object, or something stands behind it.
    return isTrailing(mismatched)
        ? malformed(mismatched.getLocation(), "something stands behind the object")
        : notAnObject();
  }

  private static boolean isTrailing(MismatchedInputException mismatched) {
    return String.valueOf(mismatched.getOriginalMessage()).startsWith("Trailing token");
  }

  private static ApiFailure notAnObject() {
    return ApiFailure.of(ProblemKind.MALFORMED_JSON, "the body must be one JSON object");
  }

  private static ApiFailure malformed(@Nullable JsonLocation at, @Nullable String message) {
    String where =
        at == null
            ? "the body"
            : "the body, line " + at.getLineNr() + ", column " + at.getColumnNr() + ",";
    String cause = String.valueOf(message).lines().findFirst().orElse("unreadable");
    return ApiFailure.of(ProblemKind.MALFORMED_JSON, where + " is not JSON: " + cause);
  }

  private static String path(JsonMappingException wrong) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : wrong.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
        continue;
      }
      path.append(path.isEmpty() ? "" : ".").append(clipped(step.getFieldName()));
    }
    return path.toString();
  }

  private static String clipped(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }

  private static String known(UnrecognizedPropertyException unknown) {
    @Nullable Collection<Object> names = unknown.getKnownPropertyIds();
    List<String> sorted =
        names == null ? List.of() : names.stream().map(String::valueOf).sorted().toList();
    return "known are " + sorted.stream().collect(Collectors.joining(", "));
  }

  private static String form(@Nullable Class<?> target) {
    if (target == Long.class || target == long.class) {
      return "a whole number";
    }
    if (target == BigDecimal.class) {
      return "a number";
    }
    if (target == Boolean.class || target == boolean.class) {
      return "true or false";
    }
    if (target == String.class) {
      return "a text";
    }
    return target != null && Collection.class.isAssignableFrom(target) ? "a list" : "of its type";
  }

  private static ObjectMapper strict() {
    ObjectMapper strict = Json.mapper().copy();
    strict.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      strict.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return strict;
  }
}
