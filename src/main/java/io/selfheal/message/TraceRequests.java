package io.selfheal.message;

import io.selfheal.message.WorkerRequests.Holder;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which processes of this host stand behind the connections of a database, and behind the holders
 * of jobs. WorkerWatch answers.
 */
public final class TraceRequests {
  /** The processes at the clients' ends of connections. */
  public static final Request<TraceClients, Clients> CLIENTS =
      new Request<>("worker.trace.clients", TraceClients.class, Clients.class);

  /** The processes that hold jobs, and how they move. */
  public static final Request<TraceHolders, Holders> HOLDERS =
      new Request<>("worker.trace.holders", TraceHolders.class, Holders.class);

  private TraceRequests() {}

  /**
   * The client's end of a TCP connection, as the server sees it.
   *
   * @param address an IP address, as text
   */
  public record End(String address, int port) {
    @Override
    public String toString() {
      return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
  }

  /**
   * Asks for clients.
   *
   * @param own the end of a connection of the agent itself to the same server. Only if the agent
   *     finds it to be its own is nothing between the server and this host that gives addresses
   *     another meaning: no pooler, no tunnel, no translation
   * @param serverPort the port as the server sees it
   * @param first processes to look at besides the watched ones, with what they started
   * @param all whether to look at all processes of this host, where no other is found: dear
   */
  public record TraceClients(
      End own, int serverPort, List<End> ends, Set<ProcessIdentity> first, boolean all) {
    /** Copies the collections. */
    public TraceClients {
      ends = List.copyOf(ends);
      first = Set.copyOf(first);
    }
  }

  /** The clients in the order of the ends. */
  public record Clients(List<Client> clients) {}

  /** Who is at a client's end. */
  public sealed interface Client {
    /**
     * A process of this host, or several that share the socket.
     *
     * @param name of one of them
     * @param workers the workers that they are of, or were started by; empty: of none
     * @param processes they, and of each its parents up to the first process
     * @param doubtful whether it may speak for a worker all the same: others can connect to it, as
     *     to a pooler, or it may have been started by a worker and let go
     */
    record Local(String name, Set<String> workers, Set<ProcessIdentity> processes, boolean doubtful)
        implements Client {
      /** Copies the sets. */
      public Local {
        workers = Set.copyOf(workers);
        processes = Set.copyOf(processes);
      }
    }

    /** Nobody: the client has closed its end, and the server has not noticed yet. */
    record Gone() implements Client {}

    /** Not known: of another host, behind a pooler, hidden from the agent, or not looked for. */
    record Unknown() implements Client {}
  }

  /** Asks for the processes of holders that are alive. */
  public record TraceHolders(List<Holder> holders) {}

  /** In the order of the question. */
  public record Holders(List<HolderProcess> holders) {}

  /**
   * The process that a holder's row names.
   *
   * @param process null when the row names none that runs on this host
   * @param movement a sentence on its use of processor and storage; null when it is not watched
   */
  public record HolderProcess(@Nullable ProcessIdentity process, @Nullable String movement) {}
}
