package io.selfheal.job;

import io.selfheal.bus.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers since when the agent knows of each claim of one source, by its own forward clock. What
 * a row says of its time is as wrong as the clock of the worker that wrote it; that a claim was
 * seen, or was not there yet, at a moment is a fact.
 */
final class Claims {
  /** Claims that are remembered; of more nothing is known but what their rows say. */
  static final int MOST = 20_000;

  private final Time time;
  private final Map<String, Known> known = new HashMap<>();
  private @Nullable Long wholePass;

  /** The mark at which the first pass began. */
  private @Nullable Long began;

  private boolean behind;
  private long passes;

  Claims(Time time) {
    this.time = time;
  }

  private static final class Known {
    private final String claim;

    /** The mark at which it was first read. */
    private final long seen;

    /** How old it was by its row then; null when the row does not say. */
    private final @Nullable Duration age;

    /** A mark at which it was not there; null when none is known. */
    private final @Nullable Long notYet;

    /** Its last sign of life, the mark at which it was first read, and one before it came. */
    private @Nullable String sign;

    private long signSeen;
    private @Nullable Long signNotYet;

    /** The mark at which it was read last. */
    private long read;

    /** The last pass that read it. */
    private long pass;

    private Known(Candidate job, long seen, @Nullable Long notYet) {
      this.claim = job.claim();
      this.age = job.knownAge();
      this.sign = job.sign();
      this.signSeen = seen;
      this.signNotYet = notYet;
      this.seen = seen;
      this.notYet = notYet;
    }

    private void beats(@Nullable String now, long mark) {
      if (!Objects.equals(sign, now)) {
        sign = now;
        signSeen = mark;
        signNotYet = read;
      }
      read = mark;
    }
  }

  /**
   * Between what an age and a silence lie, by what the agent has seen.
   *
   * @param runsFor the claim is at least so old, if its row can tell claims apart
   * @param newerThan it is no older than that; null when that is not known
   * @param silentFor its last sign of life is at least so old
   * @param beatWithin and no older than that; null when that is not known
   */
  record Bounds(
      Duration runsFor,
      @Nullable Duration newerThan,
      Duration silentFor,
      @Nullable Duration beatWithin) {}

  /**
   * What is known of one claim.
   *
   * @param knownFor the job was taken before that; null when it is not known
   * @param newerThan the job was taken after that; null when it is not known
   * @param byRow its age as its row said when it was first read, and what has passed since by the
   *     agent's clock: no clock that is turned later takes part; null when it is not known
   */
  record Span(@Nullable Duration knownFor, @Nullable Duration newerThan, @Nullable Duration byRow) {
    /** Nothing. */
    static final Span NOTHING = new Span(null, null, null);

    /**
     * Written out, for it is asked of each job of a batch: those that a record has by itself are
     * made of method handles, which the compiler that the agent runs with does not look through.
     */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Span(var itsKnownFor, var itsNewerThan, var itsByRow)
          && Objects.equals(knownFor, itsKnownFor)
          && Objects.equals(newerThan, itsNewerThan)
          && Objects.equals(byRow, itsByRow);
    }

    @Override
    public int hashCode() {
      return Objects.hash(knownFor, newerThan, byRow);
    }

    /** Equal for equal ones only. */
    String key() {
      return " " + nanos(knownFor) + " " + nanos(newerThan) + " " + nanos(byRow);
    }

    private static String nanos(@Nullable Duration time) {
      return time == null ? "" : Long.toString(time.toNanos());
    }
  }

  /** One reading of all running jobs, batch by batch. */
  final class Pass {
    private final long begin = time.mark();
    private final long number = ++passes;
    private boolean overflown;

    private Pass() {
      began = began == null ? Long.valueOf(begin) : began;
    }

    /** A batch was read just now. */
    void read(List<Candidate> jobs) {
      long now = time.mark();
      for (Candidate job : jobs) {
        Known one = known.get(job.id());
        if (one == null && full()) {
          overflown = true;
          continue;
        }
        if (one == null || !one.claim.equals(job.claim())) {
          one = new Known(job, now, wholePass);
          known.put(job.id(), one);
        }
        one.beats(job.sign(), now);
        one.pass = number;
      }
    }

    /** All running jobs have been read: what was not among them does not run. */
    void end() {
      known.values().removeIf(one -> one.pass != number);
      wholePass = overflown ? null : Long.valueOf(begin);
    }
  }

  /** The clock. */
  Time time() {
    return time;
  }

  /** Whether no more can be remembered. */
  boolean full() {
    return known.size() >= MOST;
  }

  Pass pass() {
    return new Pass();
  }

  /** What is known of the claim of a job. Rows without a time cannot tell two claims apart. */
  Span span(Candidate job) {
    return span(job, time.mark());
  }

  /** The same of many jobs at one moment, so that what is alike stays so. */
  Function<Candidate, Span> spans() {
    long now = time.mark();
    return job -> span(job, now);
  }

  private Span span(Candidate job, long now) {
    Known one = known.get(job.id());
    if (one == null || job.age() == null || !one.claim.equals(job.claim())) {
      return Span.NOTHING;
    }
    Long notYet = one.notYet;
    Duration knownFor = Duration.ofNanos(now - one.seen);
    return new Span(
        knownFor,
        notYet == null ? null : Duration.ofNanos(now - notYet),
        one.age == null ? null : one.age.plus(knownFor));
  }

  /**
   * How long the claim of a job has been seen; null when it is not remembered. For claims that tell
   * themselves apart without a time, such as those with the version of their row.
   */
  @Nullable Duration seenFor(Candidate job) {
    Known one = known.get(job.id());
    return one == null || !one.claim.equals(job.claim()) ? null : time.since(one.seen);
  }

  /** Between what its age and silence lie; null when nothing is known of the claim. */
  @Nullable Bounds bounds(Candidate job) {
    Known one = known.get(job.id());
    if (one == null || !one.claim.equals(job.claim())) {
      return sinceWholePass();
    }
    boolean same = Objects.equals(one.sign, job.sign());
    return new Bounds(
        time.since(one.seen),
        since(one.notYet),
        same ? time.since(one.signSeen) : Duration.ZERO,
        same ? since(one.signNotYet) : time.since(one.read));
  }

  /** What the last reading of all running jobs did not find has come since. */
  private @Nullable Bounds sinceWholePass() {
    Duration most = since(wholePass);
    return most == null ? null : new Bounds(Duration.ZERO, most, Duration.ZERO, most);
  }

  /**
   * The most that an age by a row counts where nothing is known of the claim, for there are more
   * than {@link #MOST}: how long this source has been watched; nothing when one of its clocks is
   * behind.
   */
  Duration watched() {
    Duration all = since(began);
    return behind || all == null ? Duration.ZERO : all;
  }

  /** Of a job that came a row told that it is old: others may come so, and not be seen to. */
  void behind() {
    behind = true;
  }

  /** Whether that ever was so. */
  boolean areBehind() {
    return behind;
  }

  private @Nullable Duration since(@Nullable Long mark) {
    return mark == null ? null : time.since(mark);
  }

  /** These were put back: who takes one of them now makes a new claim. */
  void forget(Collection<String> ids) {
    known.keySet().removeAll(ids);
  }
}
