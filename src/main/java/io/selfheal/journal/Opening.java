package io.selfheal.journal;

import io.selfheal.bus.Time;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the journal begins: where the sequence goes on, and what there is to say of it.
 *
 * @param trouble what a person should know: an unreadable spool was moved aside; null otherwise
 * @param unusable why the spool cannot be used now; null when it can
 */
record Opening(Sequence sequence, @Nullable String trouble, @Nullable SpoolUnavailable unusable) {
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

  /**
   * Opens the spool, and reserves the first places. A disk that fails is no reason not to start:
   * then a new epoch begins in memory. Another process that has the file is one.
   */
  static Future<Opening> open(Disk disk, Time time) {
    long now = time.now().toEpochMilli();
    return disk.open()
        .compose(opened -> reserve(disk, opened, now))
        .recover(
            failure ->
                failure instanceof SpoolUnavailable unusable && !unusable.locked()
                    ? Future.succeededFuture(inMemory(now, unusable))
                    : Future.failedFuture(failure));
  }

  private static Future<Opening> reserve(Disk disk, SpoolFile.Opened<Spool> opened, long now) {
    return disk.run(
        spool -> {
          Optional<Sequence> known = spool.sequence();
          Sequence last = known.orElse(new Sequence(now, 0, 0));
          Sequence reserved = last.reserved(last.wanted());
          spool.write(new Batch(List.of(), List.of(), reserved, 0, true));
          return new Opening(reserved, moved(opened, reserved), null);
        });
  }

  private static @Nullable String moved(SpoolFile.Opened<Spool> opened, Sequence sequence) {
    if (opened.movedTo() == null) {
      return null;
    }
    LOG.error(
        "The journal's spool was unreadable ({}). It was moved to {}, and a new one begins with"
            + " epoch {}. What PostgreSQL did not have yet is only in the old file.",
        opened.why(),
        opened.movedTo(),
        sequence.epoch());
    return "the spool was unreadable and was moved to "
        + opened.movedTo()
        + "; events and incidents that PostgreSQL did not have are only there: "
        + opened.why();
  }

  private static Opening inMemory(long epoch, SpoolUnavailable unusable) {
    LOG.error("The journal starts without its spool, in memory only", unusable);
    return new Opening(new Sequence(epoch, 0, Sequence.BLOCK), null, unusable);
  }
}
