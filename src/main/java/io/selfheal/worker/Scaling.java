package io.selfheal.worker;

import io.selfheal.message.Outcome;
import io.selfheal.message.ScaleRequests.Manner;
import io.selfheal.message.ScaleRequests.Scale;
import io.selfheal.message.WorkerRequests.EndProcess;
import io.selfheal.message.WorkerRequests.Ended;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes the number of processes that a worker of the agent has. On the verticle's context, one
 * change at a time.
 */
final class Scaling {
  private static final String NOTE = "scale-";
  private static final Duration STARTING = Duration.ofSeconds(2);

  private final Tools tools;
  private final Roster roster;
  private final Notes notes;
  private final Starter starter;
  private final Ender ender;
  private final TemplateScaling templates;
  private Future<?> running = Future.succeededFuture();

  Scaling(Tools tools, Roster roster, Notes notes, Starter starter, Ender ender) {
    this.tools = tools;
    this.roster = roster;
    this.notes = notes;
    this.starter = starter;
    this.ender = ender;
    this.templates = new TemplateScaling(notes, new Systemctl());
  }

  /** What was changed before this agent started counts on. Before processes are taken over. */
  Future<Void> recall() {
    List<String> names =
        roster.members().stream()
            .filter(member -> member.config.way() instanceof WorkerConfig.Way.Run)
            .map(member -> member.config.name())
            .toList();
    return tools
        .blocking(() -> read(names))
        .map(
            found -> {
              found.forEach((name, grants) -> apply(name, grants));
              return null;
            });
  }

  private Map<String, Grants> read(List<String> names) throws IOException {
    Map<String, Grants> found = new HashMap<>();
    for (String name : names) {
      found.put(name, notes.read(NOTE + name).map(Grants::parse).orElse(Grants.NONE));
    }
    return found;
  }

  private void apply(String name, Grants grants) {
    Member member = roster.member(name);
    if (member != null && member.config.way() instanceof WorkerConfig.Way.Run run) {
      member.grants = grants;
      roster.slots(member, grants.wanted(run.instances()), tools.time().now());
    }
  }

  /** Answers {@code worker.scale}. */
  Future<Ended> scale(Scale query) {
    Future<Ended> answer =
        running
            .otherwiseEmpty()
            .compose(
                before ->
                    query.name().endsWith("@.service")
                        ? tools.blocking(() -> templates.scale(query))
                        : own(query));
    running = answer;
    return answer;
  }

  private Future<Ended> own(Scale query) {
    Member member = roster.member(query.name());
    if (member == null || !(member.config.way() instanceof WorkerConfig.Way.Run run)) {
      return answer(
          Outcome.REFUSED,
          query.name() + " is not run by the agent: it needs run.command, or name a template unit");
    }
    Grants before = member.grants;
    Grants after = after(query, before, run.instances());
    int was = before.wanted(run.instances());
    int wanted = after.wanted(run.instances());
    if (after.equals(before) && query.manner() != Manner.FINISH) {
      return answer(Outcome.ALREADY_DONE, unchanged(query, was));
    }
    String words = "%s from %d to %d processes".formatted(query.name(), was, wanted);
    if (query.rehearse()) {
      return answer(Outcome.DONE, "would take " + words);
    }
    return tools
        .blocking(() -> written(query.name(), after))
        .compose(
            written -> {
              apply(query.name(), after);
              return settle(member, run, query);
            })
        .map(problem -> told(problem, "took " + words));
  }

  private static Grants after(Scale query, Grants before, int configured) {
    return switch (query.manner()) {
      case CHANGE ->
          before.change(query.incident(), configured, query.by(), query.least(), query.most());
      case GIVE_BACK -> before.without(query.incident());
      case FINISH ->
          before.has(query.incident())
              ? before
              : before.change(
                  query.incident(), configured, query.by(), query.least(), query.most());
    };
  }

  private static String unchanged(Scale query, int now) {
    return query.manner() == Manner.GIVE_BACK
        ? "nothing of this incident is left to take back"
        : "%s has %d processes, and may have %d to %d"
            .formatted(query.name(), now, query.least(), query.most());
  }

  /** Before anything is started or ended: what is on disk holds after a crash. */
  private Boolean written(String name, Grants grants) throws IOException {
    if (grants.byIncident().isEmpty()) {
      notes.remove(NOTE + name);
    } else {
      notes.write(NOTE + name, grants.text());
    }
    return true;
  }

  /** Starts those that are missing and ends those that are too many; answers what went wrong. */
  private Future<String> settle(Member member, WorkerConfig.Way.Run run, Scale query) {
    int wanted = member.grants.wanted(run.instances());
    List<Future<Ended>> all = new ArrayList<>();
    for (Slot slot : List.copyOf(member.slots.values())) {
      Watched watched = slot.watched;
      if (slot.number() <= wanted && watched == null) {
        all.add(starter.launch(slot, run, null));
      } else if (slot.number() > wanted && watched != null) {
        Duration limit = query.limit().minus(STARTING);
        all.add(
            ender.end(
                slot,
                new EndProcess(
                    slot.instance,
                    watched.process,
                    query.grace().compareTo(limit) < 0 ? query.grace() : limit.dividedBy(2),
                    limit,
                    "incident " + query.incident())));
      }
    }
    return Future.join(all)
        .map(
            done -> {
              roster.forgetBeyond(member, Math.max(wanted, run.instances()));
              return String.join(
                  "; ",
                  all.stream()
                      .map(Future::result)
                      .filter(one -> one.outcome() != Outcome.DONE)
                      .filter(one -> one.outcome() != Outcome.ALREADY_DONE)
                      .map(Ended::detail)
                      .toList());
            });
  }

  private static Ended told(String problem, String words) {
    return problem.isEmpty()
        ? new Ended(Outcome.DONE, words, null)
        : new Ended(Outcome.FAILED, words + ", but: " + problem, null);
  }

  private static Future<Ended> answer(Outcome outcome, String detail) {
    return Future.succeededFuture(new Ended(outcome, detail, null));
  }
}
