package io.selfheal.job;

import io.selfheal.config.Secret;
import io.selfheal.config.Section;
import io.selfheal.store.PostgresUrl;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job source, as configured; see {@link JobsConfig} for the keys. */
public final class SourceConfig {
  private static final Logger LOG = LoggerFactory.getLogger(SourceConfig.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MONTH = Duration.ofDays(30);

  private final String name;
  private final String preset;
  private final @Nullable PostgresUrl database;
  private final Layout layout;
  private final Holding holding;
  private final Limits limits;
  private final Pace pace;
  private final int poisonAfter;
  private final @Nullable String unproven;

  private SourceConfig(
      String name,
      String preset,
      @Nullable PostgresUrl database,
      Layout layout,
      Holding holding,
      Limits limits,
      Pace pace,
      int poisonAfter,
      @Nullable String unproven) {
    this.name = name;
    this.preset = preset;
    this.database = database;
    this.layout = layout;
    this.holding = holding;
    this.limits = limits;
    this.pace = pace;
    this.poisonAfter = poisonAfter;
    this.unproven = unproven;
  }

  /**
   * Who holds the jobs.
   *
   * @param worker the worker that all holders are; null when nobody said
   * @param pattern how a holder is written; null when the source has no holder column, or what is
   *     in it names nobody
   * @param only whether nobody takes jobs but processes of that worker, all on this host and all
   *     seen by this agent
   * @param trueAges whether the age of a claim is the database's own word
   */
  record Holding(
      @Nullable String worker, @Nullable HolderPattern pattern, boolean only, boolean trueAges) {
    /** Of a source that others may take jobs from, too. */
    Holding(@Nullable String worker, @Nullable HolderPattern pattern) {
      this(worker, pattern, false, false);
    }

    Holding of(boolean onlyThose, Layout layout) {
      return new Holding(worker, pattern, onlyThose, layout.timesByDatabase());
    }

    /** Why no death on this host may ever be proven, and how to mend it; null when it may. */
    private @Nullable String unproven(String host, Layout layout) {
      return pattern == null || only
          ? null
          : pattern.cut(host).map(why -> why + "; " + layout.cutAdvice()).orElse(null);
    }

    /** Whether there is anything to ask about. */
    boolean saysAnything() {
      return worker != null || pattern != null;
    }
  }

  /**
   * How much at a time.
   *
   * @param every the pause between two looks
   * @param batch rows in memory, and in one transaction
   * @param maxPerMinute rescues within a minute, at most
   */
  record Pace(Duration every, int batch, int maxPerMinute) {}

  static SourceConfig from(Section section, String host) {
    String name = name(section);
    String preset = section.text("preset", "table");
    Layout layout = preset(section, preset).read(section);
    ignored(section, preset, layout);
    Holding holding = HoldingKeys.read(section.section("holder"), layout);
    return new SourceConfig(
        name,
        preset,
        database(section),
        layout,
        holding,
        limits(section, layout),
        new Pace(
            section.duration(
                "sweep_every", Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofHours(1)),
            section.integer("batch", 1000, 1, 10_000),
            section.integer("max_per_minute", 10_000, 1, 1_000_000)),
        section.integer("poison_after", 3, 0, 100),
        holding.unproven(host, layout));
  }

  /**
   * What would change nothing: who wrote it believes that it does. With a library that has a rule
   * of its own, {@code max_attempts} is said, not refused: many configurations have it.
   */
  private static void ignored(Section section, String preset, Layout layout) {
    if (!layout.rescues()) {
      List.of("max_attempts", "act_on_unknown", "poison_after", "max_per_minute")
          .forEach(key -> refuse(section, key, preset));
    } else if (layout.hasOwnRule() && section.has("max_attempts")) {
      LOG.warn(
          "max_attempts changes nothing with {}: the library's own rule and attempts decide; leave"
              + " it out",
          preset);
    }
  }

  private static void refuse(Section section, String key, String preset) {
    if (section.has(key)) {
      String what = "changes nothing with " + preset + ": its stuck jobs are only told";
      section.reject(key, what, "leave it out");
    }
  }

  private static String name(Section section) {
    String name = section.required("name", "give the source a name");
    if (!name.isBlank() && !NAME.matcher(name).matches()) {
      section.reject("name", "\"" + name + "\" is not a name", "use letters, digits, . _ and -");
    }
    return name;
  }

  private static Preset preset(Section section, String name) {
    Optional<Preset> preset = Presets.named(name);
    if (preset.isEmpty()) {
      String hint = "allowed: " + String.join(", ", Presets.names());
      section.reject("preset", "\"" + name + "\" is not a preset", hint);
    }
    return preset.orElseGet(TablePreset::new);
  }

  private static @Nullable PostgresUrl database(Section section) {
    Optional<Secret> url = section.secret("database", "the agent's");
    if (url.isEmpty()) {
      return null;
    }
    try {
      return PostgresUrl.parse(url.get().reveal());
    } catch (IllegalArgumentException wrong) {
      section.reject(
          "database",
          String.valueOf(wrong.getMessage()),
          "write postgresql://user:password@host:5432/name, or leave it out for the agent's own");
      return null;
    }
  }

  private static Limits limits(Section section, Layout layout) {
    Duration stuckAfter = section.duration("stuck_after", Duration.ofMinutes(30), SECOND, MONTH);
    if (section.has("heartbeat_grace") && !layout.hasHeartbeat()) {
      section.reject(
          "heartbeat_grace", "is there without a heartbeat column", "set columns.heartbeat, too");
    }
    return new Limits(
        stuckAfter,
        section.duration("heartbeat_grace", stuckAfter, SECOND, MONTH),
        section.integer("max_attempts", 3, 0, 1_000_000),
        section.flag("act_on_unknown", layout.fenced()),
        layout.hasDeadLetters());
  }

  /** Its unique name. */
  public String name() {
    return name;
  }

  /** Its database; empty: the agent's own. */
  public Optional<PostgresUrl> database() {
    return Optional.ofNullable(database);
  }

  String preset() {
    return preset;
  }

  Layout layout() {
    return layout;
  }

  Holding holding() {
    return holding;
  }

  Limits limits() {
    return limits;
  }

  Pace pace() {
    return pace;
  }

  /** With so many points for deaths a job is put aside; 0: never. */
  int poisonAfter() {
    return poisonAfter;
  }

  /**
   * Which running jobs a look must read: with nobody to ask about holders only old ones, if their
   * age is true or nothing rests on it. Else the agent must see them come, for a row may be old
   * from its first moment.
   */
  Layout.Reach reach() {
    boolean young = holding.saysAnything() || (limits.actOnUnknown() && !layout.timesByDatabase());
    return young ? new Layout.Reach.All() : new Layout.Reach.OlderThan(limits.stuckAfter());
  }

  /**
   * Why deaths on this host may never be proven, whatever the rows are like; null when they may.
   */
  @Nullable String unproven() {
    return unproven;
  }

  /** Whether a worker is said whose processes are all its holders. */
  boolean bound() {
    return holding.worker() != null;
  }

  /** Whether a sweep for one worker concerns this source. */
  boolean concerns(@Nullable String worker) {
    return worker == null || holding.worker() == null || worker.equals(holding.worker());
  }
}
