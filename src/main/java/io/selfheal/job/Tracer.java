package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.End;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.message.TraceRequests.TraceHolders;
import io.selfheal.message.WorkerRequests.Holder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks which processes of this host stand behind connections and holders. Without an answer they
 * are unknown. For one pass; waits.
 */
final class Tracer {
  private static final Logger LOG = LoggerFactory.getLogger(Tracer.class);

  private final Bus bus;
  private @Nullable Traced traced;

  Tracer(Bus bus) {
    this.bus = bus;
  }

  /**
   * What was asked in this pass, and its answer.
   *
   * @param first as in the question
   * @param all likewise
   */
  private record Traced(Set<ProcessIdentity> first, boolean all, List<Client> clients) {}

  /**
   * The clients of some waiting connections, always the same ones, in their order. Asks again only
   * for more processes.
   *
   * @param first processes to look at besides the watched ones
   * @param all whether to look at all processes of this host
   */
  List<Client> clients(Waits waits, List<LockWait> some, Set<ProcessIdentity> first, boolean all) {
    Traced before = traced;
    if (before != null && before.first.containsAll(first) && (before.all || !all)) {
      return before.clients;
    }
    Set<ProcessIdentity> more = new HashSet<>(first);
    more.addAll(before == null ? Set.of() : before.first);
    boolean any = all || (before != null && before.all);
    List<Client> clients = new ArrayList<>();
    Iterator<Client> found = ask(waits, ends(some), more, any).iterator();
    for (LockWait one : some) {
      clients.add(one.end() == null || !found.hasNext() ? new Client.Unknown() : found.next());
    }
    traced = new Traced(more, any, clients);
    return clients;
  }

  private static List<End> ends(List<LockWait> waits) {
    List<End> ends = new ArrayList<>();
    for (LockWait one : waits) {
      if (one.end() != null) {
        ends.add(one.end());
      }
    }
    return ends;
  }

  private List<Client> ask(Waits waits, List<End> ends, Set<ProcessIdentity> first, boolean all) {
    End own = waits.own();
    Integer port = waits.serverPort();
    if (ends.isEmpty() || own == null || port == null) {
      return List.of();
    }
    try {
      TraceClients question = new TraceClients(own, port, ends, first, all);
      return Waiting.on(bus.ask(TraceRequests.CLIENTS, question), "trace connections").clients();
    } catch (SourceFailed failure) {
      LOG.debug("Connections are not traced", failure);
      return List.of();
    }
  }

  /** The processes that the rows of these jobs name; of others nothing. */
  Map<Candidate, HolderProcess> processes(List<Judgement> late, Holders holders) {
    Map<String, Holder> asked = new LinkedHashMap<>();
    for (Judgement one : late) {
      holders.named(one.job()).ifPresent(holder -> asked.put(holder.key(), holder));
    }
    if (asked.isEmpty()) {
      return Map.of();
    }
    Map<String, HolderProcess> found = new HashMap<>();
    try {
      TraceHolders question = new TraceHolders(List.copyOf(asked.values()));
      Iterator<HolderProcess> answers =
          Waiting.on(bus.ask(TraceRequests.HOLDERS, question), "trace holders")
              .holders()
              .iterator();
      asked.keySet().forEach(key -> found.put(key, answers.next()));
    } catch (SourceFailed failure) {
      LOG.debug("Holders are not traced", failure);
      return Map.of();
    }
    Map<Candidate, HolderProcess> processes = new HashMap<>();
    for (Judgement one : late) {
      holders
          .named(one.job())
          .ifPresent(holder -> processes.put(one.job(), found.get(holder.key())));
    }
    return processes;
  }
}
