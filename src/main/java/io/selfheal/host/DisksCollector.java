package io.selfheal.host;

import io.selfheal.bus.Time;
import io.selfheal.message.HostSample.Disk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;

/**
 * Space of the local file systems. Asking a file system can hang for ever (a dead server behind
 * FUSE), and space changes slowly: so another thread asks every two seconds, one at a time, and the
 * reading is what it found last. Network file systems are never asked.
 */
final class DisksCollector implements Collector<List<Disk>> {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Callable<List<Disk>> look;
  private final Executor elsewhere;
  private final Time time;
  private volatile @Nullable Result result;
  private int round;
  private long askedAt;

  /**
   * @param look asks the file systems, and may hang
   * @param elsewhere runs it on a thread that nobody waits for
   */
  DisksCollector(Callable<List<Disk>> look, Executor elsewhere, Time time) {
    this.look = look;
    this.elsewhere = elsewhere;
    this.time = time;
  }

  static DisksCollector of(SystemInfo system, Time time) {
    return new DisksCollector(
        () -> FileSystems.sift(system.getOperatingSystem().getFileSystem().getFileStores(true)),
        body -> Thread.ofPlatform().daemon().name("host-disks").start(body),
        time);
  }

  private record Result(int round, @Nullable List<Disk> disks, @Nullable Throwable failure) {}

  @Override
  public Reading<List<Disk>> collect() {
    Result newest = result;
    boolean waiting = round > (newest == null ? 0 : newest.round());
    if (waiting && time.since(askedAt).compareTo(PATIENCE) > 0) {
      throw new IllegalStateException(
          "file systems were asked for their space over "
              + PATIENCE.toSeconds()
              + " s ago and have not answered; look for a mount that hangs");
    }
    if (!waiting && (round == 0 || time.since(askedAt).compareTo(EVERY) >= 0)) {
      ask();
    }
    return answer(result);
  }

  private void ask() {
    round++;
    askedAt = time.mark();
    int asked = round;
    elsewhere.execute(() -> result = found(asked));
  }

  private Result found(int asked) {
    try {
      return new Result(asked, look.call(), null);
    } catch (Exception | LinkageError failure) {
      return new Result(asked, null, failure);
    }
  }

  private static Reading<List<Disk>> answer(@Nullable Result result) {
    if (result == null) {
      return new Reading.None<>("no data yet: file systems are being asked");
    }
    if (result.disks() != null) {
      return new Reading.Data<>(result.disks());
    }
    throw new IllegalStateException("asking file systems: " + result.failure(), result.failure());
  }
}
