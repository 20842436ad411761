package io.selfheal.bus;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.UUIDClock;
import java.security.SecureRandom;

/** Ids of what happens: UUIDv7 (RFC 9562, section 5.7), ordered by the agent's time of day. */
public final class Ids {
  private final NoArgGenerator generator;

  /** One for each who gives ids: within a millisecond they go up. */
  public Ids(Time time) {
    generator = Generators.timeBasedEpochGenerator(new SecureRandom(), new WallClock(time));
  }

  /** The next. */
  public String next() {
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
