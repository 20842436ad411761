package io.selfheal.worker;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.worker.Network.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One look for the processes at the clients' ends of a database's connections. Blocks, for some 10
 * µs a descriptor; used by one thread.
 */
final class ClientScan {
  /** Sockets of all other processes, at most. */
  private static final int MOST_SOCKETS = 50_000;

  private final Proc proc;
  private final TraceClients question;
  private final List<Filled> workers;

  /**
   * @param workers the living processes that are watched
   */
  ClientScan(Proc proc, TraceClients question, List<Filled> workers) {
    this.proc = proc;
    this.question = question;
    this.workers = workers;
  }

  /** Looks once. Where anything cannot be read, clients are unknown. */
  List<Client> look() {
    Network network;
    try {
      network = network();
    } catch (IOException hidden) {
      return question.ends().stream().<Client>map(end -> new Client.Unknown()).toList();
    }
    List<Found> found = question.ends().stream().map(end -> network.find(question, end)).toList();
    Owners owners = owners(sockets(found));
    return found.stream().map(one -> client(one, owners)).toList();
  }

  private Network network() throws IOException {
    long self = ProcessHandle.current().pid();
    int port = question.serverPort();
    Map<String, Long> namespaces = new TreeMap<>();
    for (ProcessIdentity process : roots()) {
      long pid = process.pid();
      namespace(pid).ifPresent(name -> namespaces.putIfAbsent(name, pid));
    }
    namespace(self).ifPresent(namespaces::remove);
    List<SocketLine> elsewhere = new ArrayList<>();
    for (long pid : namespaces.values()) {
      elsewhere.addAll(lines(pid, port));
    }
    return new Network(lines(self, port), elsewhere, List.copyOf(NetFiles.sockets(self)));
  }

  private static List<SocketLine> lines(long pid, int port) throws IOException {
    return NetFiles.tcp(pid, line -> line.remotePort() == port || line.localPort() == port);
  }

  private static Optional<String> namespace(long pid) {
    try {
      return Optional.of(NetFiles.namespace(pid));
    } catch (IOException goneOrNotAllowed) {
      return Optional.empty();
    }
  }

  private static Set<Long> sockets(Collection<Found> found) {
    Set<Long> sockets = new HashSet<>();
    for (Found one : found) {
      if (one instanceof Found.Socket(long inode)) {
        sockets.add(inode);
      }
    }
    return sockets;
  }

  /**
   * Who holds the sockets.
   *
   * @param pids by inode
   */
  private record Owners(Families families, Relatives relatives, Map<Long, Set<Long>> pids) {}

  private Families families() {
    List<ProcStat> all = new ArrayList<>();
    for (long pid : proc.pids()) {
      proc.stat(pid).filter(stat -> !stat.ended()).ifPresent(all::add);
    }
    return Families.of(proc.bootId(), all);
  }

  /**
   * What a fork inherited has several owners, so workers are looked through wholly; others only for
   * what is not theirs.
   */
  private Owners owners(Set<Long> wanted) {
    Families families = wanted.isEmpty() ? Families.of("", List.of()) : families();
    Map<Long, Set<Long>> pids = new HashMap<>();
    List<Long> first = families.under(roots());
    first.forEach(pid -> note(pids, wanted, pid));
    Set<Long> left = new HashSet<>(wanted);
    left.removeAll(pids.keySet());
    int read = 0;
    for (long pid : question.all() ? families.besides(first) : Set.<Long>of()) {
      if (pids.keySet().containsAll(left) || read > MOST_SOCKETS) {
        break;
      }
      read += note(pids, left, pid);
    }
    return new Owners(families, new Relatives(proc, families, families.under(watched())), pids);
  }

  private Set<ProcessIdentity> watched() {
    return workers.stream().map(Filled::process).collect(Collectors.toSet());
  }

  private Set<ProcessIdentity> roots() {
    Set<ProcessIdentity> roots = watched();
    roots.addAll(question.first());
    return roots;
  }

  private static int note(Map<Long, Set<Long>> owners, Set<Long> wanted, long pid) {
    Collection<Long> sockets = sockets(pid);
    sockets.stream()
        .filter(wanted::contains)
        .forEach(inode -> owners.computeIfAbsent(inode, key -> new HashSet<>()).add(pid));
    return sockets.size();
  }

  private static Collection<Long> sockets(long pid) {
    try {
      return NetFiles.sockets(pid);
    } catch (IOException goneOrNotAllowed) {
      return Set.of();
    }
  }

  private Client client(Found found, Owners owners) {
    return switch (found) {
      case Found.Closed closed -> new Client.Gone();
      case Found.Nothing nothing -> new Client.Unknown();
      case Found.Socket(long inode) -> owned(owners.pids.getOrDefault(inode, Set.of()), owners);
    };
  }

  private Client owned(Set<Long> pids, Owners owners) {
    Families families = owners.families;
    Set<ProcessIdentity> line =
        pids.stream().flatMap(pid -> families.line(pid).stream()).collect(Collectors.toSet());
    Set<String> names =
        workers.stream()
            .filter(worker -> line.contains(worker.process()))
            .map(Filled::worker)
            .collect(Collectors.toSet());
    List<ProcStat> owning = pids.stream().flatMap(pid -> families.stat(pid).stream()).toList();
    if (owning.isEmpty()) {
      return new Client.Unknown();
    }
    boolean doubtful =
        pids.stream().anyMatch(Relay::maySpeakForOthers)
            || (names.isEmpty() && owning.stream().anyMatch(owners.relatives::mayBe));
    return new Client.Local(owning.getFirst().name(), names, line, doubtful);
  }
}
