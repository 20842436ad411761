package io.selfheal.worker;

import io.selfheal.worker.UnitLimits.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts back the limits of units. Blocks. */
record UnitRestoring(Systemctl systemctl) {
  /**
   * Lines of the word, the unit, the property, whether its file was there ({@code kept} or {@code
   * new}), what the agent has set, and what was there before ({@code -}: nothing).
   */
  void restore(List<String[]> lines, List<String> problems)
      throws IOException, InterruptedException {
    String unit = lines.getFirst()[1];
    Map<Property, String> now = UnitLimits.parse(systemctl.limits(unit));
    List<String> settings = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (String[] line : lines) {
      Optional<Property> property = Property.named(line[2]);
      if (property.isEmpty()) {
        problems.add(line[2] + " is no limit of a unit");
        continue;
      }
      String was = line[5].equals("-") ? "" : line[5];
      String set = now.getOrDefault(property.get(), "");
      if (!set.equals(line[4]) && !set.equals(was)) {
        problems.add(
            "%s of %s is %s by now, not the agent's %s: it is left so"
                .formatted(line[2], unit, set.isEmpty() ? "not set" : set, line[4]));
        continue;
      }
      settings.add(line[2] + "=" + was);
      if (line[3].equals("new")) {
        files.add(UnitMeasure.dropIn(unit, property.get()));
      }
    }
    if (!settings.isEmpty()) {
      systemctl.setProperty(unit, settings);
    }
    remove(files);
  }

  /**
   * What set-property leaves behind would hide a later change of the unit's own file. Where the
   * agent may not remove it, it holds what that file says now, until the next boot.
   */
  private void remove(List<Path> files) throws IOException, InterruptedException {
    boolean removed = false;
    for (Path file : files) {
      if (Files.isWritable(file.getParent())) {
        removed |= Files.deleteIfExists(file);
      }
    }
    if (removed) {
      systemctl.reload();
    }
  }
}
