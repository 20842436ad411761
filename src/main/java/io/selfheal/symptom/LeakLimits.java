package io.selfheal.symptom;

import io.selfheal.message.Presence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * When growth counts as a leak. Pure.
 *
 * @param growth within a window, of each resource that is judged
 */
record LeakLimits(Map<Holding, Band> growth, Optional<TimeLeft> timeLeft) {
  /** Copies the map. */
  LeakLimits {
    growth = Map.copyOf(growth);
  }

  /**
   * What the trend of one resource says.
   *
   * @param left how much more of it the process can have; empty when that is not known
   */
  Presence of(Holding holding, Trend trend, OptionalDouble left) {
    Band band = growth.get(holding);
    if (band == null) {
      return Presence.ABSENT;
    }
    if (!trend.rises()) {
      boolean level = trend.low() <= 0 || trend.newest() * 2.5 <= band.leave();
      return level ? Presence.ABSENT : Presence.BETWEEN;
    }
    Presence grown = band.of(trend.growth());
    if (timeLeft.isEmpty() || left.isEmpty()) {
      return grown;
    }
    Presence soon = timeLeft.get().of(Optional.of(trend), left.getAsDouble());
    return Band.every(List.of(grown, soon));
  }
}
