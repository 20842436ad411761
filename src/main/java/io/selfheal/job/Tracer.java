package io.selfheal.job;

import io.selfheal.bus.Bus;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.TraceRequests;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.End;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.message.TraceRequests.TraceHolders;
import io.selfheal.message.WorkerRequests.Holder;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks which processes of this host stand behind connections and holders. Without an answer they
 * are unknown. Waits.
 */
final class Tracer {
  private static final Logger LOG = LoggerFactory.getLogger(Tracer.class);

  private final Bus bus;

  Tracer(Bus bus) {
    this.bus = bus;
  }

  /** The clients at those ends, in their order. */
  List<Client> clients(Waits waits, List<End> ends) {
    End own = waits.own();
    Integer port = waits.serverPort();
    if (!ends.isEmpty() && own != null && port != null) {
      try {
        TraceClients question = new TraceClients(own, port, ends);
        return Waiting.on(bus.ask(TraceRequests.CLIENTS, question), "trace connections").clients();
      } catch (SourceFailed failure) {
        LOG.debug("Connections are not traced", failure);
      }
    }
    return ends.stream().<Client>map(end -> new Client.Unknown()).toList();
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
