package io.selfheal.heal;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.UUIDClock;
import io.selfheal.bus.Time;
import java.security.SecureRandom;

/** Ids of incidents: UUIDv7 (RFC 9562, section 5.7), ordered by the agent's time of day. */
final class Ids {
  private final NoArgGenerator generator;

  Ids(Time time) {
    generator = Generators.timeBasedEpochGenerator(new SecureRandom(), new WallClock(time));
  }

  String next() {
    return generator.generate().toString();
  }

  private static final class WallClock extends UUIDClock {
    private final Time time;

    WallClock(Time time) {
      this.time = time;
    }

    @Override
    public long currentTimeMillis() {
      return time.now().toEpochMilli();
    }
  }
}
