package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the composition root answers. */
public final class AgentRequests {
  /** The agent itself. */
  public static final Request<ReadAgent, Agent> AGENT =
      new Request<>("agent.read", ReadAgent.class, Agent.class);

  /** The effective configuration. */
  public static final Request<ReadConfig, Config> CONFIG =
      new Request<>("agent.config", ReadConfig.class, Config.class);

  /** Reads the rules anew. */
  public static final Request<Reload, Reloaded> RELOAD =
      new Request<>("agent.reload", Reload.class, Reloaded.class);

  private AgentRequests() {}

  /** Asks for the agent itself. */
  public record ReadAgent() {}

  /**
   * The agent itself.
   *
   * @param cpuShare processor time of the last seconds, 1.0 = one core; -1 before the first reading
   * @param rssBytes resident memory
   * @param eventsPerSecond facts published in the last seconds
   */
  public record Agent(
      String name,
      String version,
      String host,
      long pid,
      Instant startedAt,
      Duration uptime,
      double cpuShare,
      long rssBytes,
      long heapBytes,
      double eventsPerSecond,
      long events) {}

  /** Asks for the effective configuration. */
  public record ReadConfig() {}

  /** The effective configuration, key by key. */
  public record Config(String file, List<Setting> settings) {}

  /**
   * One value.
   *
   * @param key the dotted path
   * @param value as it is used; secrets are {@code ***}
   * @param source default, file (with line) or environment
   */
  public record Setting(String key, String value, String source) {}

  /** Asks to read the rules anew. */
  public record Reload() {}

  /**
   * How it went: all of them came into force, or none.
   *
   * @param file where they came from; empty when there is none
   * @param rules how many are in force now
   * @param flaws all that is wrong with the file; empty when the rules came into force
   */
  public record Reloaded(String file, int rules, List<Flaw> flaws) {
    /** Copies the list. */
    public Reloaded {
      flaws = List.copyOf(flaws);
    }
  }

  /**
   * One thing that is wrong with a file.
   *
   * @param where the file with the line
   * @param key the dotted path; empty for the whole file
   * @param cause what is wrong
   * @param hint what is allowed, or how to mend it; may be empty
   */
  public record Flaw(String where, String key, String cause, String hint) {}
}
