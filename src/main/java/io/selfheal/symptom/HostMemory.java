package io.selfheal.symptom;

import io.selfheal.message.Event;
import io.selfheal.message.HostEvent;
import io.selfheal.message.HostSample;
import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.Subject;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether tasks of the host wait for memory. */
final class HostMemory implements Triggered {
  private static final Path FILE = Path.of("/proc/pressure/memory");
  private static final Stall.Tasks ALL = new Stall.Tasks(Subject.HOST, "the host", null);

  private final Stall stall;
  private final Set<Trigger> triggers;
  private StallWord word = StallWord.NONE;
  private @Nullable Pressure means;
  private String missing = "the host gave no reading yet";
  private @Nullable String refused;

  HostMemory(Stall stall) {
    this.stall = stall;
    this.triggers =
        stall.limit().stream()
            .map(limit -> new Trigger(FILE, 0, limit))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Set<Trigger> triggers() {
    return triggers;
  }

  @Override
  public void refused(Map<Trigger, String> why) {
    refused = triggers.stream().findFirst().map(why::get).orElse(null);
  }

  @Override
  public List<Reading> take(Event event, Surroundings around) {
    return switch (event) {
      case HostEvent.Sampled sampled -> {
        renew(sampled.host());
        yield stall.read(ALL, known(), around.time().mark()).stream().toList();
      }
      case HostEvent.Stalled stalled when concerns(stalled) -> {
        word = new StallWord(around.time().now(), around.time().mark());
        yield List.of(stall.told(ALL, known()));
      }
      default -> List.of();
    };
  }

  private boolean concerns(HostEvent.Stalled stalled) {
    return stalled.file().equals(FILE.toString()) && stall.heeds(stalled);
  }

  private void renew(HostSample host) {
    means = Pressures.of(host, "memory").orElse(null);
    missing = means == null ? Pressures.missing(host) : "";
  }

  private Stall.Known known() {
    return new Stall.Known(means, missing, word, refused);
  }
}
