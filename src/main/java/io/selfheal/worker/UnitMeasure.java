package io.selfheal.worker;

import io.selfheal.worker.UnitLimits.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has systemd limit a unit until the next boot, by its own properties. */
record UnitMeasure(String unit, Map<Property, String> values, Systemctl systemctl)
    implements Measure {
  static final String WORD = "unit";

  /** Where {@code set-property --runtime} writes. */
  static final Path CONTROL = Path.of("/run/systemd/system.control");

  @Override
  public String words() {
    return "run systemctl set-property --runtime " + unit + " " + String.join(" ", settings());
  }

  private List<String> settings() {
    return values.entrySet().stream()
        .map(one -> one.getKey().set() + "=" + one.getValue())
        .sorted()
        .toList();
  }

  @Override
  public List<String> before() throws IOException, InterruptedException {
    Map<Property, String> now = UnitLimits.parse(systemctl.limits(unit));
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Property, String> value : values.entrySet()) {
      String was = now.getOrDefault(value.getKey(), "");
      boolean own = Files.exists(dropIn(unit, value.getKey()));
      lines.add(
          String.join(
              "\t",
              WORD,
              unit,
              value.getKey().set(),
              own ? "kept" : "new",
              value.getValue(),
              was.isEmpty() ? "-" : was));
    }
    return lines;
  }

  static Path dropIn(String unit, Property property) {
    return CONTROL.resolve(unit + ".d").resolve("50-" + property.set() + ".conf");
  }

  @Override
  public void act() throws IOException, InterruptedException {
    systemctl.setProperty(unit, settings());
  }
}
