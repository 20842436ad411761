package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.End;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.SqlProcess;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes with real connections to a real PostgreSQL. */
@Timeout(120)
final class ClientScanTest {
  private final Path home;
  private final PostgresUrl url = TestPostgres.freshDatabase();
  private final List<Process> started = new ArrayList<>();
  private final Connection connection = TestPostgres.connect(url);

  ClientScanTest(@TempDir Path home) throws SQLException {
    this.home = home;
  }

  @AfterEach
  void end() throws SQLException {
    started.forEach(Process::destroyForcibly);
    connection.close();
  }

  private Process start(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  /** The client's end of a connection by the name that it gave, once it is there. */
  private End end(String application) throws SQLException {
    return first(
        "SELECT host(client_addr), client_port FROM pg_stat_activity WHERE application_name = '"
            + application
            + "'");
  }

  private End first(String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < 100_000; i++) {
        ResultSet row = statement.executeQuery(query);
        if (row.next()) {
          return new End(row.getString(1), row.getInt(2));
        }
      }
    }
    throw new AssertionError("no connection by " + query);
  }

  /** What the agent is told to look at. */
  private Set<ProcessIdentity> first = Set.of();

  private boolean all;

  private List<Client> trace(Agent agent, End own, End... ends) {
    return agent
        .ask(TraceRequests.CLIENTS, new TraceClients(own, url.port(), List.of(ends), first, all))
        .clients();
  }

  private End own() throws SQLException {
    return first("SELECT host(inet_client_addr()), inet_client_port()");
  }

  @Test
  void aConnectionOfAWorkersChildIsTheWorkers() throws Exception {
    String client = String.join("' '", SqlProcess.command(url, "childs", "SELECT pg_sleep(600)"));
    List<String> shell = List.of("sh", "-c", "'" + client + "'; true");
    try (Agent agent = new Agent(home, Agent.run("images", 1, true, shell)).start()) {
      End end = end("childs");
      Client.Local found =
          assertInstanceOf(Client.Local.class, trace(agent, own(), end).getFirst());
      ProcessIdentity process = agent.process("images", "images.1");
      assertEquals(Set.of("images"), found.workers());
      assertTrue(found.processes().contains(process), found.toString());
      assertFalse(found.doubtful());
      // Whose own connection the server sees as another's has something in between.
      assertEquals(List.of(new Client.Unknown()), trace(agent, end, end));
      assertEquals(
          List.of(new Client.Unknown(), found),
          trace(agent, own(), new End("192.0.2.1", end.port()), end));
      ProcessHandle.of(process.pid())
          .orElseThrow()
          .descendants()
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void anotherProcessIsAStrangerUnlessItMaySpeakForOthers() throws Exception {
    Process psql = start(SqlProcess.command(url, "psql"));
    try (Agent agent =
            new Agent(home, Agent.run("images", 1, true, List.of("sleep", "600"))).start();
        ServerSocket pooler = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> pass(pooler));
      start(
          SqlProcess.command(
              PostgresUrl.parse(
                  url.reveal().replace(":" + url.port() + "/", ":" + pooler.getLocalPort() + "/")),
              "pooled"));
      List<Client> found = trace(agent, own(), end("psql"), end("pooled"));
      assertEquals(List.of(new Client.Unknown(), new Client.Unknown()), found);
      all = true;
      found = trace(agent, own(), end("psql"), end("pooled"));
      isStranger(psql, found.getFirst());
      Client.Local passed = assertInstanceOf(Client.Local.class, found.getLast());
      assertTrue(passed.processes().contains(identity(ProcessHandle.current().pid())));
      assertTrue(passed.doubtful());
      all = false;
      first = Set.of(identity(psql.pid()));
      isStranger(psql, trace(agent, own(), end("psql")).getFirst());
    }
  }

  /** In a service, as where builds run, it may be of the workers that were started there. */
  private static void isStranger(Process process, Client client) throws IOException {
    Client.Local local = assertInstanceOf(Client.Local.class, client);
    assertTrue(local.processes().contains(identity(process.pid())), local.toString());
    assertEquals(Set.of(), local.workers());
    boolean service =
        Proc.open().cgroups(process.pid()).stream().anyMatch(path -> path.endsWith(".service"));
    assertEquals(service, local.doubtful());
  }

  private static ProcessIdentity identity(long pid) throws IOException {
    return Proc.open().identity(pid).orElseThrow();
  }

  /** A connection of this very process for whoever connects to it. */
  private void pass(ServerSocket pooler) {
    try (Socket client = pooler.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), url.port())) {
      Thread back = Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
      back.join();
    } catch (IOException | InterruptedException ended) {
      // The test is over.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.close();
    } catch (IOException ended) {
      // One of the two has closed it.
    }
  }

  @Test
  void theConnectionOfAKilledClientIsNobodysWhileTheServerStillWaits() throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement();
        Agent agent =
            new Agent(home, Agent.run("images", 1, true, List.of("sleep", "600"))).start()) {
      statement.execute("SELECT pg_advisory_xact_lock(1)");
      Process waiter = start(SqlProcess.command(url, "killed", "SELECT pg_advisory_lock(1)"));
      End end = waiting("killed");
      all = true;
      isStranger(waiter, trace(agent, own(), end).getFirst());
      waiter.destroyForcibly().waitFor();
      assertEquals(List.of(new Client.Gone()), trace(agent, own(), end));
      assertEquals(end, waiting("killed"));
    }
  }

  /** Outside of the transaction of the lock: that sees the activity of its first look. */
  private End waiting(String application) throws SQLException {
    String query =
        "SELECT host(client_addr), client_port FROM pg_stat_activity"
            + " WHERE wait_event_type = 'Lock' AND application_name = '"
            + application
            + "'";
    for (int i = 0; i < 100_000; i++) {
      try (Connection other = TestPostgres.connect(url);
          Statement statement = other.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        if (row.next()) {
          return new End(row.getString(1), row.getInt(2));
        }
      }
    }
    throw new AssertionError(application + " does not wait");
  }
}
