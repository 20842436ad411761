package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.job.Poison.Known;
import io.selfheal.message.DeadLetterEvent;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the deaths of workers on the jobs of one source, and lists those jobs that are put aside.
 * Waits; use it on a virtual thread.
 *
 * <p>All of it is written in the agents' database, which may be another than the source's, and may
 * be away. No rescue waits for it: then deaths are remembered in memory, at most {@link
 * Memory#MOST}, and written when it is back; what was written before does not count until then, so
 * that a job may be tried once more. What is remembered is lost with the agent.
 *
 * <p>A dead letter is intended before the job is changed, and added when it was. What an agent that
 * ended in between has intended is added by the next one that looks, when the job no longer runs
 * under that claim.
 */
final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  private final String source;
  private final Poison poison;
  private final PgDeaths deaths;
  private final PgDeadLetters letters;
  private final Bus bus;
  private final Time time;
  private final Memory memory = new Memory();
  private final Set<String> left = new HashSet<>();
  private @Nullable Long away;
  private @Nullable Long forgot;
  private boolean told;

  Quarantine(SourceConfig config, PgDeaths deaths, PgDeadLetters letters, Bus bus, Time time) {
    this.source = config.name();
    this.poison = new Poison(config.poisonAfter());
    this.deaths = deaths;
    this.letters = letters;
    this.bus = bus;
    this.time = time;
  }

  /**
   * Weighs the deaths of those whose holders are dead. Writes nothing.
   *
   * @param able what can be done in this source
   */
  List<Judgement> weigh(List<Judgement> judged, Able able) {
    List<Judgement> dead = judged.stream().filter(poison::counts).toList();
    if (dead.isEmpty()) {
      return judged;
    }
    return poison.weigh(judged, known(dead), able, time.now());
  }

  private Map<String, Known> known(List<Judgement> dead) {
    // What is remembered must be written before it is read, lest it counts twice.
    return write()
        ? ask(() -> deaths.known(dead)).orElseGet(() -> remembered(dead))
        : remembered(dead);
  }

  private Map<String, Known> remembered(List<Judgement> dead) {
    Map<String, List<Fate>> byJob = memory.byJob();
    Map<String, Known> known = new HashMap<>();
    for (Judgement one : dead) {
      List<Fate> fates = byJob.getOrDefault(one.job().id(), List.of());
      known.put(one.job().id(), Memory.known(fates, one.job()));
    }
    return known;
  }

  /** These are about to be changed: writes the deaths, and what is intended. */
  void before(List<Judgement> acting) {
    List<Fate> fates = fates(acting);
    if (fates.isEmpty()) {
      return;
    }
    memory.deaths(fates);
    write();
    List<Fate> aside = fates(acting.stream().filter(Judgement::poison).toList());
    if (!aside.isEmpty()) {
      ask(() -> letters.intend(source, aside).map(true));
    }
  }

  private static List<Fate> fates(List<Judgement> judged) {
    return judged.stream().filter(one -> !one.deaths().isEmpty()).map(Fate::of).toList();
  }

  /** Of these, some were changed: writes and says which are put aside. */
  void after(List<Judgement> acting, Set<String> changed) {
    List<Fate> aside = fates(acting.stream().filter(Judgement::poison).toList());
    List<Fate> undone = aside.stream().filter(fate -> !changed.contains(fate.jobId())).toList();
    add(aside.stream().filter(fate -> changed.contains(fate.jobId())).toList());
    if (!undone.isEmpty()) {
      ask(() -> letters.withdraw(source, undone).map(true));
    }
  }

  /** Puts those on the list, once, that are poison and must stay where they are. */
  void left(List<Judgement> judged) {
    List<Judgement> staying = judged.stream().filter(one -> one.poison() && !one.acts()).toList();
    List<Fate> fresh = fates(staying).stream().filter(fate -> !left.contains(fate.key())).toList();
    if (fresh.isEmpty()) {
      return;
    }
    if (left.size() > Memory.MOST) {
      left.clear();
    }
    fresh.forEach(fate -> left.add(fate.key()));
    memory.deaths(fresh);
    write();
    add(fresh);
  }

  private void add(List<Fate> aside) {
    if (aside.isEmpty()) {
      return;
    }
    Optional<Map<String, String>> added = ask(() -> letters.add(source, aside));
    if (added.isEmpty()) {
      memory.letters(aside);
    }
    for (Fate fate : aside) {
      String id = added.isPresent() ? added.get().get(fate.jobId()) : null;
      if (id != null || added.isEmpty()) {
        LOG.warn("Job {} of source {} is put aside: {}", fate.jobId(), source, fate.reason());
        bus.publish(new DeadLetterEvent.Added(fate.letter(source, id)));
      }
    }
  }

  /** Writes what is remembered, finishes what another has begun, and deletes what is old. */
  void tend(Supplier<Pages> pages) {
    if (!poison.watches() || !write()) {
      return;
    }
    List<Fate> intended = ask(() -> letters.intended(source)).orElse(List.of());
    if (!intended.isEmpty()) {
      Set<String> running = running(pages.get(), intended);
      add(intended.stream().filter(fate -> !running.contains(fate.key())).toList());
    }
    Long last = forgot;
    if (last == null || time.since(last).compareTo(FORGET_EVERY) >= 0) {
      forgot = ask(() -> deaths.forget().map(true)).isPresent() ? Long.valueOf(time.mark()) : last;
    }
  }

  /** Which of these still run under that claim. */
  private static Set<String> running(Pages pages, List<Fate> intended) {
    Set<String> asked = intended.stream().map(Fate::key).collect(Collectors.toSet());
    Set<String> running = new HashSet<>();
    for (List<Candidate> jobs = pages.read(); !jobs.isEmpty(); jobs = pages.read()) {
      jobs.stream().map(Fate::key).filter(asked::contains).forEach(running::add);
    }
    return running;
  }

  /** Writes what is remembered; whether nothing is left to write. */
  private boolean write() {
    List<Fate> dead = memory.deaths();
    if (!dead.isEmpty() && ask(() -> deaths.write(dead).map(true)).isPresent()) {
      memory.deathsWritten(dead);
    }
    List<Fate> aside = memory.letters();
    if (!aside.isEmpty() && ask(() -> letters.add(source, aside)).isPresent()) {
      memory.lettersWritten(aside);
    }
    if (told && memory.isEmpty()) {
      told = false;
      LOG.info("The deaths of workers on jobs of {} are written again", source);
    }
    return memory.isEmpty();
  }

  /** Empty when the database is away, or was just now; nobody waits for long. */
  private <T> Optional<T> ask(Supplier<Future<T>> question) {
    Long since = away;
    if (since != null && time.since(since).compareTo(AGAIN) < 0) {
      return Optional.empty();
    }
    try {
      T answer = question.get().timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).await();
      away = null;
      return Optional.of(answer);
    } catch (Exception failure) {
      away = time.mark();
      LOG.debug("The deaths of workers on jobs of {} cannot be kept now", source, failure);
      tell(failure);
      return Optional.empty();
    }
  }

  /** Says once that something is kept in memory only, until it is written. */
  private void tell(Exception failure) {
    if (!told && !memory.isEmpty()) {
      told = true;
      LOG.warn(
          "The deaths of workers on jobs of {} are remembered until they can be written: {}",
          source,
          failure.getMessage());
    }
  }
}
