package io.selfheal.job;

import io.selfheal.config.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The list {@code sources:}. Each entry:
 *
 * <ul>
 *   <li>{@code name}: required and unique; letters, digits, {@code . _ -}, up to 63.
 *   <li>{@code preset}: {@code table} (the default) or a library's; the keys of each are described
 *       at the preset. {@code jobrunr}, {@code quartz} and {@code que} find and explain, and change
 *       nothing but triggers of Quartz that nothing holds; with {@code jobrunr} and {@code que}
 *       {@code act_on_unknown}, {@code max_attempts}, {@code poison_after} and {@code
 *       max_per_minute} are refused.
 *   <li>{@code database}: {@code postgresql://…}, a secret; default: the agent's own. Where its
 *       role is a member of {@code pg_read_all_stats}, the agent sees whose locks a job waits for.
 *   <li>{@code holder.worker}: the worker that all holders are; default: any. {@code
 *       holder.format}: default <code>{host}:{pid}</code>, with a holder column only. Of a mapped
 *       table for which it is not written, a number that is not seen to be a process proves
 *       nothing: it may be a port. An <code>{instance}</code> without a pid needs a table with a
 *       time.
 *   <li>{@code holder.only}: default false. {@code true}: every process that takes jobs of this
 *       source is one of {@code holder.worker}, on this host and seen by this agent. Then the
 *       worker's processes together prove what a row does not say: the holder is dead when each of
 *       them started after the job was taken. With it {@code holder.format} may be {@code *}: a
 *       holder column that names nobody.
 *   <li>{@code stuck_after}: 1s to 30d, default 30m: the age at which an unknown verdict may act.
 *   <li>{@code heartbeat_grace}: 1s to 30d, default {@code stuck_after}: a heartbeat of the job
 *       itself that is younger is a sign of life; with a heartbeat column only.
 *   <li>{@code act_on_unknown}: default true; false where a library completes jobs by id alone.
 *       {@code false}: rescue on proof of death only.
 *   <li>{@code max_attempts}: 0 to 1000000, default 3; 0: no limit. Needs an attempts column.
 *       Changes nothing, and is said, where the library's own rule decides: of the presets only
 *       {@code quartz} has none.
 *   <li>{@code poison_after}: 0 to 100, default 3; 0: never. A job whose workers died on it so
 *       often is not queued again but put to the dead letters; a death for want of memory counts
 *       double, one that nobody saw half, a wanted end not at all, and one with several jobs is
 *       divided among them: see {@link Poison}.
 *   <li>{@code sweep_every}: 100ms to 1h, default 2s. {@code batch}: 1 to 10000 rows, default 1000.
 *       {@code max_per_minute}: 1 to 1000000 rescues within a minute, over all sweeps, default
 *       10000.
 * </ul>
 *
 * @param sources in the order of the file
 */
public record JobsConfig(List<SourceConfig> sources) {
  /** Copies the list. */
  public JobsConfig {
    sources = List.copyOf(sources);
  }

  /**
   * Reads {@code sources} of the root section; notes problems there.
   *
   * @param host the name of this host, as its workers write it
   */
  public static JobsConfig from(Section root, String host) {
    List<SourceConfig> sources = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("sources")) {
      SourceConfig source = SourceConfig.from(section, host);
      if (!names.add(source.name())) {
        section.reject(
            "name", "\"" + source.name() + "\" is there twice", "give each source its own name");
      }
      sources.add(source);
    }
    return new JobsConfig(sources);
  }
}
