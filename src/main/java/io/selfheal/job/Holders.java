package io.selfheal.job;

import io.selfheal.job.Claims.Span;
import io.selfheal.job.HolderPattern.Parts;
import io.selfheal.job.SourceConfig.Holding;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Holder;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns the holders of one batch of jobs into one question, and its answers into a verdict for each
 * job. Pure.
 *
 * <p>Jobs share a question when their answers must be the same: the same holder, and, unless it
 * names the start ticks of its process, the same age of the claim, or of the heartbeat where that
 * is not told, and the same knowledge of it, because a process that was started after the claim is
 * another one with the same pid.
 */
final class Holders {
  private final Holding holding;

  /** By identity: a record's hash reads all of its texts. */
  private final IdentityHashMap<Candidate, Known> known = new IdentityHashMap<>();

  private final Map<String, Holder> asked = new LinkedHashMap<>();
  private final Map<String, Verdict> answered = new LinkedHashMap<>();

  Holders(Holding holding, List<Candidate> jobs, Function<Candidate, Span> spans) {
    this(holding, jobs, spans, job -> Optional.empty());
  }

  /**
   * @param seenFor how long the claim of a job has been seen
   */
  Holders(
      Holding holding,
      List<Candidate> jobs,
      Function<Candidate, Span> spans,
      Function<Candidate, Optional<Duration>> seenFor) {
    this.holding = holding;
    Map<Hold, Known> alike = new HashMap<>();
    for (Candidate job : jobs) {
      // Once: time goes on, and a key must not.
      Hold hold = hold(job, spans.apply(job), unchanged(job, seenFor.apply(job)));
      known.put(job, alike.computeIfAbsent(hold, this::know));
    }
  }

  /** All that a question rests on; mostly it is the same for many jobs of a batch. */
  private record Hold(
      @Nullable String text,
      @Nullable Duration age,
      @Nullable Duration beat,
      Span span,
      @Nullable Duration unchanged) {
    /** Written out, as that of a {@link Span}. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Hold(var itsText, var itsAge, var itsBeat, var itsSpan, var itsTime)
          && Objects.equals(text, itsText)
          && Objects.equals(age, itsAge)
          && Objects.equals(beat, itsBeat)
          && span.equals(itsSpan)
          && Objects.equals(unchanged, itsTime);
    }

    @Override
    public int hashCode() {
      return Objects.hash(text, age, beat, span, unchanged);
    }
  }

  /** A heartbeat tells of the holder only where the row does not say when it took the job. */
  private static Hold hold(Candidate job, Span span, @Nullable Duration unchanged) {
    Duration beat = job.age() == null ? job.knownSilence() : null;
    return new Hold(job.holder(), job.age(), beat, span, unchanged);
  }

  /** Of rows without a time; in whole seconds, so that many jobs of a batch are alike. */
  private static @Nullable Duration unchanged(Candidate job, Optional<Duration> seenFor) {
    return job.age() != null
        ? null
        : seenFor.map(time -> time.truncatedTo(ChronoUnit.SECONDS)).orElse(null);
  }

  /**
   * What is known of a hold.
   *
   * @param holder whom to ask for; empty when the row does not say
   */
  private record Known(Span span, Optional<Holder> holder) {}

  private Known know(Hold hold) {
    Optional<Holder> holder = made(hold);
    holder.ifPresent(one -> asked.putIfAbsent(one.key(), one));
    return new Known(hold.span(), holder);
  }

  /** What to ask; no holders when there is nothing to ask. */
  JudgeHolders question() {
    return new JudgeHolders(List.copyOf(asked.values()));
  }

  /**
   * Takes the answers.
   *
   * @throws IllegalStateException when there are more or fewer than questions
   */
  void answered(List<Verdict> verdicts) {
    if (verdicts.size() != asked.size()) {
      throw new IllegalStateException(
          "asked for " + asked.size() + " verdicts and got " + verdicts.size());
    }
    int next = 0;
    for (String key : asked.keySet()) {
      answered.put(key, verdicts.get(next++));
    }
  }

  /** The verdict over the holder of one of the jobs. */
  Verdict of(Candidate job) {
    return holder(job)
        .map(holder -> answered.get(holder.key()))
        .orElseGet(() -> Verdict.of(Ruling.UNKNOWN, silent(job)));
  }

  /** The holder of one of the jobs, if its row names a process or an instance. */
  Optional<Holder> named(Candidate job) {
    return holder(job).filter(one -> one.pid().isPresent() || one.instance() != null);
  }

  /**
   * One of the jobs was taken no longer ago than that.
   *
   * @param timesByDatabase whether its own age is true
   * @return null when nothing certain is known
   */
  @Nullable Duration takenWithin(Candidate job, boolean timesByDatabase) {
    Known one = known.get(job);
    Duration newer = one == null ? null : one.span().newerThan();
    Duration age = timesByDatabase ? job.knownAge() : null;
    if (newer == null || age == null) {
      return newer == null ? age : newer;
    }
    return newer.compareTo(age) < 0 ? newer : age;
  }

  private Optional<Holder> holder(Candidate job) {
    Known one = known.get(job);
    return one == null ? made(hold(job, Span.NOTHING, null)) : one.holder();
  }

  private Optional<Holder> made(Hold hold) {
    if (holding.pattern() == null) {
      return holding.worker() == null ? Optional.empty() : Optional.of(holder(hold, Parts.NONE));
    }
    Optional<Parts> parts = parts(hold.text());
    // All processes of the worker together may prove what the text does not.
    return (parts.isEmpty() && holding.only() ? Optional.of(Parts.NONE) : parts)
        .map(said -> holder(hold, said));
  }

  private Holder holder(Hold hold, Parts parts) {
    Duration age = holding.trueAges() ? lesser(hold.age(), hold.span().byRow()) : hold.age();
    HolderPattern pattern = holding.pattern();
    String key = parts.startTicks().isPresent() ? "" : times(hold);
    return new Holder(
        hold.text() + key,
        holding.worker(),
        parts.host(),
        parts.pid(),
        parts.startTicks(),
        parts.instance(),
        age == null || age.isNegative() ? null : age,
        hold.span().knownFor(),
        hold.span().newerThan(),
        holding.only(),
        holding.trueAges(),
        hold.beat(),
        hold.unchanged(),
        pattern != null && pattern.isAssumed());
  }

  private static @Nullable Duration lesser(@Nullable Duration age, @Nullable Duration other) {
    return age == null || other == null || age.compareTo(other) <= 0 ? age : other;
  }

  private static String times(Hold hold) {
    return "@"
        + millis(hold.age())
        + " "
        + millis(hold.beat())
        + hold.span().key()
        + " "
        + millis(hold.unchanged());
  }

  private static String millis(@Nullable Duration time) {
    return time == null ? "" : Long.toString(time.toMillis());
  }

  private Optional<Parts> parts(@Nullable String holder) {
    HolderPattern pattern = holding.pattern();
    return holder == null || pattern == null ? Optional.empty() : pattern.parse(holder);
  }

  private String silent(Candidate job) {
    HolderPattern pattern = holding.pattern();
    if (pattern == null) {
      return "the source does not say who holds its jobs";
    }
    String holder = job.holder();
    return holder == null
        ? "the row names no holder"
        : "the holder \"" + shown(holder) + "\" " + pattern.refusal(holder);
  }

  /** For an operator, who knows it by its beginning. */
  static String shown(String holder) {
    return holder.length() <= 100 ? holder : holder.substring(0, 100) + "…";
  }
}
