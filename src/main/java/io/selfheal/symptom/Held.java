package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerEvent;
import io.selfheal.rule.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * What one process holds over time.
 *
 * @param renewed it was seen to take the place of another: then what that one leaked is gone
 * @param since the mark of its first reading
 */
record Held(ProcessIdentity process, boolean renewed, long since, Map<Holding, Series> series) {
  /**
   * What is to be said now.
   *
   * @param available memory that is available on the host; empty when that is not known
   */
  Reading judge(
      WorkerEvent.Sampled sampled, LeakLimits limits, OptionalDouble available, long mark) {
    List<Presence> all = new ArrayList<>();
    StringJoiner words = new StringJoiner("; ", process + " ", "");
    Map<String, Double> values = new HashMap<>();
    for (Map.Entry<Holding, Series> one : series.entrySet()) {
      Holding holding = one.getKey();
      double level = holding.of(sampled.reading());
      if (level < 0) {
        continue;
      }
      values.put(holding.unit(), level);
      Optional<Trend> trend = one.getValue().trend();
      if (trend.isEmpty()) {
        all.add(renewed ? Presence.ABSENT : Presence.UNKNOWN);
        words.add("holds " + holding.say(level));
        continue;
      }
      OptionalDouble left = left(holding, level, trend.get(), available);
      all.add(limits.of(holding, trend.get(), left));
      words.add(say(holding, level, trend.get(), left, values));
    }
    if (all.isEmpty()) {
      return new Reading(
          sampled.subject(), Presence.UNKNOWN, process + " may not be looked at", values);
    }
    String young = young(all, mark);
    return new Reading(sampled.subject(), Band.any(all), words + young, values, process);
  }

  private String young(List<Presence> all, long mark) {
    boolean young = series.values().stream().anyMatch(one -> one.trend().isEmpty());
    if (!young || all.contains(Presence.PRESENT)) {
      return "";
    }
    return "; watched for %s only%s"
        .formatted(
            Amounts.time((mark - since) / 1e9),
            renewed ? ", since it took the place of another process" : "");
  }

  private OptionalDouble left(
      Holding holding, double level, Trend trend, OptionalDouble available) {
    if (!trend.rises()) {
      return OptionalDouble.empty();
    }
    return switch (holding) {
      case MEMORY -> available;
      case FILES -> {
        OptionalDouble most = OpenFileLimit.of(process);
        yield most.isEmpty() ? most : OptionalDouble.of(Math.max(0, most.getAsDouble() - level));
      }
      case THREADS -> OptionalDouble.empty();
    };
  }

  private static String say(
      Holding holding, double level, Trend trend, OptionalDouble left, Map<String, Double> values) {
    values.put(holding.unit() + "_per_second", trend.perSecond());
    if (!trend.rises()) {
      return "holds " + holding.say(level) + ", and does not grow steadily";
    }
    String words =
        "holds %s, %s more within the window and never less (%s to %s an hour)"
            .formatted(
                holding.say(level),
                holding.say(trend.growth()),
                holding.say(trend.low() * 3600),
                holding.say(trend.high() * 3600));
    if (left.isEmpty()) {
      return words;
    }
    double seconds = TimeLeft.seconds(trend, left.getAsDouble());
    values.put("seconds_until_no_" + holding.word(), seconds);
    return words + ", used up in " + Amounts.time(seconds);
  }
}
