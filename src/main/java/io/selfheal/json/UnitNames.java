package io.selfheal.json;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import java.time.Duration;

/** snake_case, and {@code _ms} behind a duration: {@code lastSweepTook → last_sweep_took_ms}. */
final class UnitNames extends PropertyNamingStrategies.SnakeCaseStrategy {
  private static final long serialVersionUID = 1L;

  @Override
  public String nameForField(MapperConfig<?> config, AnnotatedField field, String name) {
    return unit(field.getRawType(), name);
  }

  @Override
  public String nameForGetterMethod(MapperConfig<?> config, AnnotatedMethod method, String name) {
    return unit(method.getRawReturnType(), name);
  }

  @Override
  public String nameForConstructorParameter(
      MapperConfig<?> config, AnnotatedParameter parameter, String name) {
    return unit(parameter.getRawType(), name);
  }

  private String unit(Class<?> type, String name) {
    String snake = translate(name);
    return type == Duration.class ? snake + "_ms" : snake;
  }
}
