package io.selfheal.job;

import io.selfheal.library.NodeLibrary;
import io.selfheal.library.WorkPlace;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import io.selfheal.message.WorkerRequests.Verdicts;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;

/** pg-boss in Node processes, beside a {@link Rig} whose judge takes every holder for dead. */
final class BossLibrary {
  /** A source that has its jobs held by one worker. */
  static final String SOURCE = "preset: pg-boss\nholder: {worker: mailers, only: true}";

  /** Taken: a job in the common table, and one with the same id in the table of its queue. */
  static final String TWO =
      """
      [["createQueue", "dead"], ["createQueue", "mail", {"deadLetter": "dead"}],
       ["createQueue", "own", {"partition": true, "policy": "stately"}],
       ["send", "mail", {"name": "one"}, {"id": "00000000-0000-4000-8000-000000000001"}],
       ["send", "own", {"name": "two"}, {"id": "00000000-0000-4000-8000-000000000001"}],
       ["fetch", "mail"], ["fetch", "own"]]""";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final NodeLibrary library;
  private final String version;
  private final Path log;

  /** The newest version. */
  BossLibrary(NodeLibrary library, Path directory) {
    this(library, "pg-boss", directory);
  }

  /** A version that {@code package.json} has under that name. */
  BossLibrary(NodeLibrary library, String version, Path directory) {
    this.library = library;
    this.version = version;
    this.log = directory.resolve("worker.log");
  }

  /** Skips the test, and says so, where there is no Node. */
  static NodeLibrary install() {
    return NodeLibrary.install("pg-boss", "worker.js");
  }

  /** A database in which the library has made its tables and {@code calls}, not swept yet. */
  Rig database(String calls) {
    Rig rig = new Rig().sql(WorkPlace.TABLES);
    rig.judge = question -> Future.succeededFuture(allDead(question.holders().size()));
    call(rig, calls);
    return rig;
  }

  private static Verdicts allDead(int holders) {
    Verdict dead = Verdict.of(Ruling.DEAD, "all its processes were seen to end");
    return new Verdicts(Collections.nCopies(holders, dead));
  }

  /** Calls methods of the library: {@code [[METHOD, ARGUMENT…]]}. */
  void call(Rig rig, String calls) {
    Process process = start(rig, "call", calls);
    try {
      boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      Assertions.assertTrue(ended && process.exitValue() == 0, this::printed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  Process start(Rig rig, String mode, String subject) {
    try {
      return library.start(log, "worker.js", version, rig.url.reveal(), mode, subject);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends it as the kernel does, without a word to it. */
  static void kill(Process process) {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Waits as long as the process lives. */
  void await(Process process, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError("it does not come\n" + printed());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private String printed() {
    try {
      return Files.readString(log);
    } catch (IOException missing) {
      return missing.toString();
    }
  }
}
