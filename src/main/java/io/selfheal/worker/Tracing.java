package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Clients;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.TraceRequests.Holders;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.message.TraceRequests.TraceHolders;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says which processes stand behind connections and holders. On the verticle's context. */
final class Tracing {
  private final Tools tools;
  private final Roster roster;

  Tracing(Tools tools, Roster roster) {
    this.tools = tools;
    this.roster = roster;
  }

  /** Answers {@code worker.trace.clients}. */
  Future<Clients> clients(TraceClients question) {
    List<Filled> workers = living();
    return tools.blocking(
        () -> new Clients(new ClientScan(tools.proc(), question, workers).look()));
  }

  /** Answers {@code worker.trace.holders}. */
  Future<Holders> holders(TraceHolders question) {
    List<Filled> workers = living();
    Proc proc = tools.proc();
    return tools
        .blocking(
            () ->
                question.holders().stream()
                    .map(holder -> HeldBy.process(holder, proc.host(), workers, proc::identity))
                    .toList())
        .map(found -> new Holders(found.stream().map(this::shown).toList()));
  }

  private HolderProcess shown(Optional<ProcessIdentity> process) {
    return new HolderProcess(process.orElse(null), process.map(this::movement).orElse(null));
  }

  private @Nullable String movement(ProcessIdentity process) {
    return roster
        .byProcess(process)
        .map(slot -> slot.watched)
        .map(watched -> watched.movement)
        .map(movement -> movement.sentence(tools.proc().ticksPerSecond()))
        .orElse(null);
  }

  private List<Filled> living() {
    long mark = tools.time().mark();
    List<Filled> living = new ArrayList<>();
    for (Slot slot : roster.living()) {
      Filled filled = slot.filled(mark);
      if (filled != null && filled.endedAgo() == null) {
        living.add(filled);
      }
    }
    return living;
  }
}
