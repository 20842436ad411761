package io.selfheal.message;

import java.nio.file.Path;
import java.util.Optional;

/** Names of what an event or an incident is about: {@code kind/name}. */
public final class Subject {
  /** This machine. */
  public static final String HOST = "host";

  /** The agent's own PostgreSQL. */
  public static final String DATABASE = "database";

  /** This agent's journal. */
  public static final String JOURNAL = "journal";

  /** The switch that pauses healing. */
  public static final String HEALING = "healing";

  private Subject() {}

  /** One process slot of a worker, for example {@code worker/images.1}. */
  public static String worker(String instance) {
    return "worker/" + instance;
  }

  /** A job source, for example {@code source/images}. */
  public static String source(String name) {
    return "source/" + name;
  }

  /** One job of a source, for example {@code job/images/42}. */
  public static String job(String source, String id) {
    return "job/" + source + "/" + id;
  }

  /** Many jobs of a source, for example {@code job/images/*}. */
  public static String jobs(String source) {
    return job(source, "*");
  }

  /** The source of the job, or the jobs, that a subject names; empty when it names none. */
  public static Optional<String> sourceOfJob(String subject) {
    int end = subject.indexOf('/', "job/".length());
    return subject.startsWith("job/") && end > 0
        ? Optional.of(subject.substring("job/".length(), end))
        : Optional.empty();
  }

  /** A service that workers or the agent call, by the name of its breaker. */
  public static String service(String name) {
    return "service/" + name;
  }

  /**
   * A mounted file system, for example {@code mount/var/lib/models}; the root is {@code mount/}.
   */
  public static String mount(String path) {
    return "mount" + path;
  }

  /** A file, by its absolute path, for example {@code file/var/lib/models/a.bin}. */
  public static String file(Path path) {
    return "file" + path;
  }

  /** The path of a file's subject; empty when it is about something else. */
  public static Optional<Path> file(String subject) {
    return subject.startsWith("file/")
        ? Optional.of(Path.of(subject.substring("file".length())))
        : Optional.empty();
  }

  /** A part of the agent with a health status, for example {@code component/journal}. */
  public static String component(String name) {
    return "component/" + name;
  }

  /** An agent, by name. */
  public static String agent(String name) {
    return "agent/" + name;
  }
}
