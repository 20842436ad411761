package io.selfheal.symptom;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes one of any record of messages, with a value in every component. */
final class AnyRecord {
  private AnyRecord() {}

  static <T> T of(Class<T> record) throws ReflectiveOperationException {
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = value(components[i].getGenericType());
    }
    Constructor<T> constructor = record.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Object value(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == Map.class
          ? Map.of("key", value(arguments[1]))
          : List.of(value(arguments[0]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return of(plain);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[plain.getEnumConstants().length - 1];
    }
    return switch (plain.getSimpleName()) {
      case "String" -> "word";
      case "long", "Long" -> 7L;
      case "int", "Integer" -> 7;
      case "double", "Double" -> 0.25;
      case "boolean", "Boolean" -> true;
      case "char" -> 'S';
      case "BigDecimal" -> new BigDecimal("0.25");
      case "Duration" -> Duration.ofMillis(1500);
      case "Instant" -> Instant.parse("2026-01-31T12:00:00.123456Z");
      default -> throw new IllegalArgumentException("no value of " + plain);
    };
  }
}
