package io.selfheal.symptom;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.JournalRequests;
import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.JournalRequests.ReadEvents;
import io.selfheal.message.JournalRequests.ReadStatus;
import io.selfheal.message.JournalRequests.Status;
import io.selfheal.message.Recorded;
import io.selfheal.message.Request;
import io.selfheal.message.SymptomRequests.Tried;
import io.selfheal.rule.Rule;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;

/**
 * One trial of a rule: reads the journal page by page, on a thread that may block, and replays it.
 * The next page is read while one is replayed; never more than two are in memory.
 */
final class Trial {
  private static final int PAGE = 1_000;

  /** Of one page. */
  private static final Duration ASK_LIMIT = Duration.ofSeconds(10);

  private final Rule rule;
  private final Instant since;
  private final Duration limit;
  private final Bus bus;
  private final Time time;

  /**
   * @param limit how long it may read; then it ends with what it has
   */
  Trial(Rule rule, Instant since, Duration limit, Bus bus, Time time) {
    this.rule = rule;
    this.since = since;
    this.limit = limit;
    this.bus = bus;
    this.time = time;
  }

  /** Blocks. */
  Tried run() throws ExecutionException, InterruptedException {
    long mark = time.mark();
    Replay replay = new Replay(rule, bus.apart());
    try {
      String problem = replay.problem();
      if (problem != null) {
        return not(rule, problem);
      }
      Status status = await(ask(JournalRequests.STATUS, new ReadStatus()));
      StringJoiner gaps = new StringJoiner("; ");
      read(status, begin(status, gaps), mark, replay, gaps);
      return told(replay, gaps);
    } finally {
      replay.close();
    }
  }

  /** Where to begin: what is not kept any more is told once, and not looked for. */
  private long begin(Status status, StringJoiner gaps)
      throws ExecutionException, InterruptedException {
    long place = place(status);
    if (place > 0) {
      return place;
    }
    List<Recorded> oldest = await(page(List.of(), status.epoch(), 0, 1)).events();
    if (oldest.isEmpty() || oldest.getFirst().offset() == 1) {
      return 0;
    }
    gaps.add("older facts are not kept any more");
    return oldest.getFirst().offset() - 1;
  }

  /**
   * The place behind which the facts since the moment are: places are in the order of time.
   *
   * @return a place before which nothing of interest is
   */
  private long place(Status status) throws ExecutionException, InterruptedException {
    long low = 0;
    long high = status.newest();
    while (low < high) {
      long middle = low + (high - low) / 2;
      List<Recorded> next = await(page(List.of(), status.epoch(), middle, 1)).events();
      if (next.isEmpty() || !next.getFirst().time().isBefore(since)) {
        high = middle;
      } else {
        low = next.getFirst().offset();
      }
    }
    return low;
  }

  private void read(Status status, long after, long mark, Replay replay, StringJoiner gaps)
      throws ExecutionException, InterruptedException {
    boolean whole = true;
    List<String> types = replay.looks() ? Replay.SIGHTINGS : List.of();
    Future<Events> next = page(types, status.epoch(), after, PAGE);
    while (true) {
      Events page = await(next);
      boolean more = page.last() < status.newest() && page.more();
      boolean late = time.since(mark).compareTo(limit) > 0;
      if (more && !late) {
        next = page(types, status.epoch(), page.last(), PAGE);
      }
      whole &= page.complete() && page.epoch() == status.epoch();
      page.events().stream().filter(stored -> !stored.time().isBefore(since)).forEach(replay::take);
      if (!more || late) {
        note(gaps, whole, more);
        return;
      }
    }
  }

  private void note(StringJoiner gaps, boolean whole, boolean more) {
    if (!whole) {
      gaps.add("the journal does not have all facts of this time");
    }
    if (more) {
      gaps.add(
          "a trial reads for at most %d s, and there are later facts: try a later since"
              .formatted(limit.toSeconds()));
    }
  }

  private Tried told(Replay replay, StringJoiner gaps) {
    String trouble = replay.trouble();
    if (trouble != null) {
      gaps.add(trouble);
    }
    Occasions occasions = replay.occasions();
    return new Tried(
        rule.name(),
        rule.version(),
        replay.facts(),
        replay.from(),
        replay.to(),
        gaps.length() == 0,
        gaps.length() == 0 ? null : gaps.toString(),
        occasions.listed(),
        occasions.more(),
        occasions.recovered(),
        null);
  }

  /** A rule that cannot be tried. */
  static Tried not(Rule rule, String why) {
    return new Tried(rule.name(), rule.version(), 0, null, null, false, null, List.of(), 0, 0, why);
  }

  private Future<Events> page(List<String> types, long epoch, long after, int limit) {
    return ask(JournalRequests.EVENTS, new ReadEvents(epoch, after, types, null, limit));
  }

  private <Q, R> Future<R> ask(Request<Q, R> request, Q query) {
    return bus.ask(request, query, ASK_LIMIT);
  }

  private static <T> T await(Future<T> answer) throws ExecutionException, InterruptedException {
    return answer.toCompletionStage().toCompletableFuture().get();
  }
}
