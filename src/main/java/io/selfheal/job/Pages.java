package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.Claims.Bounds;
import io.selfheal.job.Layout.Reach;
import io.selfheal.message.Verdict;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.JudgeHolders;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the running jobs of a source batch by batch in the order of their ids, and judges each
 * batch as soon as it is read. Only one batch is in memory. Waits; use it on a virtual thread.
 */
final class Pages {
  private final SourceConfig config;
  private final PgSource source;
  private final Statements statements;
  private final Bus bus;
  private final Rule rule;
  private final Claims claims;
  private final Braking braking;
  private final Quarantine quarantine;
  private final Claims.@Nullable Pass pass;
  private final LockLook locks;
  private long read;
  private @Nullable Ahead ahead;
  private @Nullable String last;
  private boolean ended;
  private @Nullable Duration off;

  /**
   * Not begun.
   *
   * @param remembers whether the claims learn from it; only one such reading at a time, or a claim
   *     would seem to be taken after a reading that ended in between
   */
  Pages(
      SourceConfig config,
      PgSource source,
      Statements statements,
      Claims claims,
      Braking braking,
      Quarantine quarantine,
      Bus bus,
      boolean remembers) {
    this.config = config;
    this.source = source;
    this.statements = statements;
    this.bus = bus;
    this.rule = config.layout().rule(config.limits());
    this.claims = claims;
    this.braking = braking;
    this.quarantine = quarantine;
    this.pass = remembers ? claims.pass() : null;
    this.locks = new LockLook(config, source.backends(), bus, claims.time());
  }

  /**
   * A batch that is being read.
   *
   * @param mark when it was asked for
   */
  private record Ahead(long mark, Future<List<Candidate>> jobs) {}

  /**
   * One batch.
   *
   * @param looked how many running jobs were read
   * @param holders who holds them, as the rows say; empty when they do not
   * @param stuck those past what they are allowed, with what is to be done
   */
  record Page(int looked, Set<String> holders, List<Judgement> stuck) {
    /** Those that are to be changed. */
    List<Judgement> acting() {
      return stuck.stream().filter(Judgement::acts).toList();
    }

    /** Of these, those whose holders are dead. */
    List<Judgement> proofs() {
      return acting().stream().filter(job -> !job.guess()).toList();
    }

    /** Of these, those whose holders are not proven dead. */
    List<Judgement> guesses() {
      return stuck.stream().filter(Judgement::guess).toList();
    }
  }

  /** The next batch; empty after the last. */
  Optional<Page> next() {
    List<Candidate> jobs = read();
    return jobs.isEmpty()
        ? Optional.empty()
        : Optional.of(new Page(jobs.size(), holders(jobs), judge(jobs)));
  }

  /**
   * One job with its verdict.
   *
   * @param stuck what is to be done with it; empty when it is within what it is allowed
   */
  record One(Candidate job, Verdict verdict, Optional<Judgement> stuck) {}

  /** The running job with this id; reads on until it is there. */
  Optional<One> one(String id) {
    List<Candidate> jobs = read();
    while (!jobs.isEmpty()) {
      Optional<Candidate> found = jobs.stream().filter(job -> job.id().equals(id)).findFirst();
      if (found.isPresent()) {
        end();
        return found.map(this::one);
      }
      jobs = read();
    }
    return Optional.empty();
  }

  private One one(Candidate job) {
    List<Candidate> alone = List.of(job);
    Holders holders = judged(alone);
    return new One(job, holders.of(job), judge(alone, holders).stream().findFirst());
  }

  /** Reads the next batch, and judges nothing; false after the last. */
  boolean skim() {
    return !read().isEmpty();
  }

  /** The next batch as it is read, and judges nothing; empty after the last. */
  List<Candidate> read() {
    if (ended) {
      return List.of();
    }
    prepare();
    Ahead begun = Objects.requireNonNull(ahead);
    ahead = null;
    read = begun.mark();
    List<Candidate> jobs = Waiting.on(begun.jobs(), "look for jobs");
    ended = jobs.size() < config.pace().batch();
    if (pass != null) {
      pass.read(jobs);
    }
    if (pass != null && ended) {
      pass.end();
    }
    last = jobs.isEmpty() ? last : jobs.getLast().id();
    return jobs;
  }

  /** By how much the start of a job that was judged cannot be; null when all can. */
  @Nullable Duration off() {
    return off;
  }

  /** Begins to read the next batch, so that it is there when the one before is worked on. */
  void prepare() {
    if (ended || ahead != null) {
      return;
    }
    Braking.Reading reading = braking.reading();
    ahead =
        new Ahead(
            claims.time().mark(),
            source.find(statements, last, config.pace().batch()).onComplete(end -> reading.ends()));
  }

  /** Nothing more is wanted; waits for what was begun. */
  void end() {
    ended = true;
    if (ahead != null) {
      Waiting.on(ahead.jobs().otherwiseEmpty(), "end a look for jobs");
      ahead = null;
    }
  }

  private static Set<String> holders(List<Candidate> jobs) {
    return jobs.stream()
        .flatMap(job -> Optional.ofNullable(job.holder()).stream())
        .collect(Collectors.toSet());
  }

  /**
   * A look that reads only old rows sees none of them come, and so knows no better than they. It is
   * only made where that does no harm.
   */
  private Optional<Judgement> judge(Candidate job, Verdict verdict) {
    if (!(config.reach() instanceof Reach.All)) {
      return rule.judge(job, verdict, claims.seenFor(job));
    }
    Bounds known = claims.bounds(job);
    Duration wrong = Believed.off(job, known);
    off = wrong == null ? off : wrong;
    if (wrong != null && !wrong.isNegative()) {
      claims.behind();
    }
    Candidate told = Believed.of(statements.sure(), claims).of(job, known);
    Optional<Judgement> judged = rule.judge(told, verdict, claims.seenFor(job));
    // A rule may know an age that the row has not.
    return judged.map(one -> one.job().equals(told) ? one.about(job) : one);
  }

  /**
   * Without an answer nothing is decided: a judge that is away must not make every holder unknown,
   * and old.
   */
  private List<Judgement> judge(List<Candidate> jobs) {
    return judge(jobs, judged(jobs));
  }

  private Holders judged(List<Candidate> jobs) {
    Holders holders =
        new Holders(
            config.holding(),
            jobs,
            claims.spans(),
            job -> Optional.ofNullable(claims.seenFor(job)));
    JudgeHolders question = holders.question();
    if (!question.holders().isEmpty()) {
      holders.answered(
          Waiting.on(bus.ask(WorkerRequests.JUDGE, question), "judge the holders of jobs")
              .verdicts());
    }
    return holders;
  }

  private List<Judgement> judge(List<Candidate> jobs, Holders holders) {
    List<Judgement> late =
        jobs.stream().flatMap(job -> judge(job, holders.of(job)).stream()).toList();
    List<Judgement> judged = locks.weigh(late, holders, read);
    return quarantine.weigh(judged, statements.able()).stream()
        .map(one -> Afterwards.told(config.layout(), one))
        .toList();
  }
}
