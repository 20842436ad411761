package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.EndProcess;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts that live between the verticle's start and its stop. */
record Room(
    Roster roster,
    Problems problems,
    DeathWatch deaths,
    Watching watching,
    Searching searching,
    Sampling sampling,
    Starter starter,
    Adoption adoption,
    Ender ender,
    Units units,
    Throttling throttling,
    Scaling scaling,
    Draining draining,
    Heartbeats heartbeats,
    Sharing sharing,
    Verdicts verdicts,
    Tracing tracing) {
  private static final Duration STOP_SLACK = Duration.ofSeconds(2);

  /**
   * Builds it.
   *
   * @param search has the processes of workers looked for at once
   */
  static Room build(
      Tools tools,
      WorkersConfig config,
      Facts facts,
      DeathWatch deaths,
      @Nullable PgViews shared,
      Runnable search) {
    Roster roster = new Roster(config, tools.time().now());
    Problems problems = new Problems(tools.bus());
    Attending attending = new Attending(Attention.from(tools.time().mark()));
    Endings endings = new Endings(tools, roster, search);
    Watching watching = new Watching(tools, roster, problems, deaths, attending, endings, facts);
    Searching searching = new Searching(tools, roster, watching);
    Sampling sampling = new Sampling(tools, roster, endings, attending);
    String home = facts.home().toString();
    Notes notes = new Notes(facts.home().resolve("workers"));
    Launcher launcher = new Launcher(facts.home());
    Sharing sharing = new Sharing(tools, roster, problems, notes, home, shared);
    Starter starter = new Starter(tools, roster, watching, searching, launcher, home);
    Ender ender = new Ender(tools, roster);
    Draining draining = new Draining(tools, roster, notes);
    Scaling scaling = new Scaling(tools, roster, notes, starter, ender);
    return new Room(
        roster,
        problems,
        deaths,
        watching,
        searching,
        sampling,
        starter,
        new Adoption(tools, roster, watching, starter, scaling, home),
        ender,
        new Units(tools, roster, searching),
        new Throttling(tools, roster, notes, facts.mounts()),
        scaling,
        draining,
        new Heartbeats(tools, roster, watching, searching, sampling, draining),
        sharing,
        new Verdicts(tools, roster, searching, sharing, new Crews(tools, roster, home)),
        new Tracing(tools, roster));
  }

  /** Ends the processes whose worker says {@code on_stop: stop}; the others run on. */
  Future<?> endOwn() {
    List<Future<?>> ends = new ArrayList<>();
    for (Slot slot : roster.living()) {
      if (slot.worker.way() instanceof WorkerConfig.Way.Run run
          && run.stop()
          && slot.watched != null) {
        ends.add(
            ender.end(
                slot,
                new EndProcess(
                    slot.instance,
                    slot.watched.process,
                    run.stopGrace(),
                    run.stopGrace().plus(STOP_SLACK),
                    "the agent stops")));
      }
    }
    return Future.join(ends);
  }
}
