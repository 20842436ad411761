package io.selfheal.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One gauge, or a family of them that differ in one label. A value that is not known is NaN:
 * unknown differs from zero.
 */
final class Gauges {
  private final MeterRegistry registry;
  private final String name;
  private final String description;
  private final @Nullable String key;
  private final Label label = new Label();
  private final Map<String, Cell> cells = new HashMap<>();

  private Gauges(MeterRegistry registry, String name, String description, @Nullable String key) {
    this.registry = registry;
    this.name = name;
    this.description = description;
    this.key = key;
  }

  /** A gauge without a label, unknown until it is set. */
  static Gauges single(MeterRegistry registry, String name, String description) {
    Gauges gauges = new Gauges(registry, name, description, null);
    gauges.set(Double.NaN);
    return gauges;
  }

  /** A gauge for each value of a label. */
  static Gauges family(MeterRegistry registry, String name, String description, String key) {
    return new Gauges(registry, name, description, key);
  }

  void set(double value) {
    set("", value);
  }

  void set(String labelValue, double value) {
    String bounded = key == null ? "" : label.of(labelValue);
    cells.computeIfAbsent(bounded, this::register).value = value;
  }

  /** Says that no member is known, before those that are known are set again. */
  void forget() {
    cells.values().forEach(cell -> cell.value = Double.NaN);
  }

  private Cell register(String labelValue) {
    Cell cell = new Cell();
    Tags tags = key == null ? Tags.empty() : Tags.of(key, labelValue);
    Gauge.builder(name, () -> cell.value).description(description).tags(tags).register(registry);
    return cell;
  }

  /** Written on the verticle's thread, read by scrapes on another. */
  private static final class Cell {
    volatile double value = Double.NaN;
  }
}
