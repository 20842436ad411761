package io.selfheal.job;

import java.util.List;
import java.util.Optional;

/** All presets. */
final class Presets {
  private static final List<Preset> ALL =
      List.of(
          new TablePreset(),
          new DbSchedulerPreset(),
          new SolidQueuePreset(),
          new RiverPreset(),
          new ObanPreset(),
          new GraphileWorkerPreset(),
          new BossPreset(),
          new GoodJobPreset(),
          new ProcrastinatePreset(),
          new JobRunrPreset(),
          new QuartzPreset(),
          new QuePreset());

  private Presets() {}

  static Optional<Preset> named(String name) {
    return ALL.stream().filter(preset -> preset.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().map(Preset::name).toList();
  }
}
