package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.message.Presence;
import io.selfheal.rule.Detector;
import io.selfheal.rule.Reading;
import io.selfheal.rule.Surroundings;
import io.selfheal.rule.Symptom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A symptom that looks by itself, and hangs, writes or fails when its rule says so. */
final class Looking implements Symptom {
  final CountDownLatch gate = new CountDownLatch(1);
  final AtomicInteger looks = new AtomicInteger();

  @Override
  public String name() {
    return "looking";
  }

  @Override
  public String description() {
    return "looks by itself";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    String how = where.text("how", "well");
    Optional<String> to = where.text("to");
    return () ->
        new Detector() {
          @Override
          public Optional<Duration> every() {
            return Optional.of(Duration.ZERO);
          }

          @Override
          public List<Reading> look(Surroundings around) throws Exception {
            looks.incrementAndGet();
            if (how.equals("hang")) {
              gate.await();
            }
            if (to.isPresent()) {
              Files.writeString(Path.of(to.get()), "looked");
            }
            if (how.equals("fail")) {
              throw new NoClassDefFoundError("a part of a plugin is missing");
            }
            return List.of(new Reading("worker/" + how, Presence.PRESENT, "looked"));
          }
        };
  }
}
