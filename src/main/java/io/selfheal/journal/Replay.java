package io.selfheal.journal;

import io.selfheal.journal.Batch.Save;
import io.selfheal.message.Incident;
import io.selfheal.message.Recorded;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings what waits in the spool to the archive, oldest first. The mark of what is written is kept
 * in the spool a little later, so after a crash some events are written again; the archive keeps
 * each once.
 */
final class Replay {
  /** Events in one statement. */
  static final int MOST = 500;

  private static final int MOST_INCIDENTS = 50;

  private final Disk disk;
  private final Tail tail;
  private final Writer writer;
  private final Archive archive;
  private final Consumer<Result> listener;
  private long tailSent;

  Replay(Disk disk, Tail tail, Writer writer, Archive archive, Consumer<Result> listener) {
    this.disk = disk;
    this.tail = tail;
    this.writer = writer;
    this.archive = archive;
    this.listener = listener;
  }

  /**
   * How a step went.
   *
   * @param written events that the archive took
   * @param more whether another step should follow at once
   * @param caughtUp whether the archive has everything that the spool holds
   * @param asked whether the archive was asked at all
   * @param problem why the archive took nothing; null when it did
   */
  record Result(
      int written, boolean more, boolean caughtUp, boolean asked, @Nullable Throwable problem) {}

  private record Found(Spool.Waiting events, Map<Incident, Long> incidents) {}

  /** One batch of events, and some incidents; never fails. */
  Future<Result> step() {
    return disk.run(
            spool ->
                new Found(
                    spool.waiting(writer.writtenThrough(), MOST),
                    spool.keepsakes().toSend(MOST_INCIDENTS)))
        .transform(found -> found.succeeded() ? send(found.result()) : sendTail())
        .otherwise(problem -> new Result(0, false, false, true, problem))
        .onSuccess(listener::accept);
  }

  private Future<Result> send(Found found) {
    List<Recorded> events = found.events.events();
    boolean asked = !events.isEmpty() || !found.incidents.isEmpty();
    boolean more = events.size() == MOST;
    Future<Void> sent =
        events.isEmpty()
            ? Future.succeededFuture()
            : archive.write(events).map(done -> mark(found));
    return sent.compose(done -> send(found.incidents))
        .map(done -> new Result(events.size(), more, !more, asked, null));
  }

  /** The disk fails: the archive at least gets what is in memory. */
  private Future<Result> sendTail() {
    List<Recorded> events = tail.after(tailSent).stream().limit(MOST).toList();
    if (events.isEmpty()) {
      return Future.succeededFuture(new Result(0, false, false, false, null));
    }
    return archive
        .write(events)
        .map(
            done -> {
              tailSent = events.getLast().offset();
              return new Result(events.size(), events.size() == MOST, false, true, null);
            });
  }

  private @Nullable Void mark(Found found) {
    writer.written(found.events.through());
    return null;
  }

  private Future<Void> send(Map<Incident, Long> incidents) {
    if (incidents.isEmpty()) {
      return Future.succeededFuture();
    }
    return archive
        .save(incidents.keySet())
        .onSuccess(
            done ->
                writer.saveLater(
                    new Save.Sent(
                        incidents.entrySet().stream()
                            .collect(
                                Collectors.toMap(one -> one.getKey().id(), Map.Entry::getValue)))))
        .mapEmpty();
  }
}
