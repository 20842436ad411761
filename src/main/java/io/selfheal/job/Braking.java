package io.selfheal.job;

import io.selfheal.bus.Time;
import io.selfheal.message.HostSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the {@link Brake} and the {@link Cap} of one source with what is seen, and asks them. All
 * sweeps obey both, whoever asks for them.
 */
final class Braking {
  private static final Logger LOG = LoggerFactory.getLogger(Braking.class);

  private final String name;
  private final Duration every;
  private final Time time;
  private final Cap cap;
  private Brake brake;
  private @Nullable Long lookEnded;
  private int looking;
  private boolean told;

  Braking(SourceConfig config, Time time) {
    this.name = config.name();
    this.every = config.pace().every();
    this.time = time;
    this.cap = new Cap(config.pace().maxPerMinute());
    this.brake = Brake.released(config.limits().stuckAfter());
  }

  /** A look is due; it may have to wait for its turn. */
  void lookBegins() {
    note(Trouble.STARVED, late());
    looking++;
  }

  void lookEnds() {
    looking--;
    lookEnded = time.mark();
  }

  /** A sweep that comes before the look which is overdue must not act on what a suspension hid. */
  void sweepBegins() {
    late().ifPresent(why -> note(Trouble.STARVED, Optional.of(why)));
  }

  private Optional<String> late() {
    Long ended = lookEnded;
    return ended == null || looking > 0 ? Optional.empty() : Signs.late(time.since(ended), every);
  }

  /** A batch is read from now on. */
  Reading reading() {
    return new Reading();
  }

  /** Measures how long a batch takes, also one that cannot be read in time. */
  final class Reading {
    private final long mark = time.mark();

    private Reading() {}

    void ends() {
      note(Trouble.SLOW, Signs.slow(time.since(mark)));
    }
  }

  /** All running jobs were read. */
  void counted(Census census) {
    note(Trouble.STORM, Signs.storm(census.stale(), census.seen()));
  }

  void sampled(HostSample sample) {
    note(Trouble.PRESSED, Signs.pressed(sample));
  }

  /** The database was found away. */
  void away(String cause) {
    note(Trouble.AWAY, Optional.of("the database was away: " + cause));
    note(Trouble.AWAY, Optional.empty());
  }

  private void note(Trouble trouble, Optional<String> why) {
    long now = time.mark();
    brake =
        why.map(words -> brake.seen(trouble, words, now)).orElseGet(() -> brake.gone(trouble, now));
    if (told && guesses().isEmpty()) {
      told = false;
      LOG.info("Source {}: rescues are held back no longer", name);
    }
  }

  /** Why guesses are held back; empty when they may act. */
  Optional<String> guesses() {
    return brake.guesses(time.mark());
  }

  /** The same judgement, or that the job is left because rescues are held back. */
  Judgement held(Judgement judgement) {
    if (!judgement.acts()) {
      return judgement;
    }
    return (judgement.guess() ? guesses() : brake.proofs()).map(judgement::held).orElse(judgement);
  }

  /** If one of these is left because of it, that is logged once, until it is over. */
  void tell(List<Judgement> judged) {
    if (!told && judged.stream().anyMatch(job -> job.cause() == Judgement.Cause.HELD)) {
      told = true;
      LOG.warn(
          "Source {}: rescues are held back: {}",
          name,
          brake.guesses(time.mark()).orElse("so far"));
    }
  }

  /** How many rescues may be made now. */
  int room() {
    return cap.room(time.mark());
  }

  void spend(int rescues) {
    cap.spend(rescues, time.mark());
  }

  /** What is said when there is no room. */
  String reached() {
    return cap.reached();
  }

  /**
   * The same, and whether only those by age wait; for who does not know of which ones it is said.
   */
  @Nullable String scope() {
    String why = describe();
    boolean onlyGuesses = guesses().isPresent() && brake.proofs().isEmpty() && room() > 0;
    return onlyGuesses ? why + " (only rescues by age wait; proven ones go on)" : why;
  }

  /** Why rescues are held back or limited now; null when they are not. */
  @Nullable String describe() {
    Optional<String> why = guesses();
    if (why.isPresent()) {
      return why.get();
    }
    return room() == 0 ? reached() : null;
  }
}
