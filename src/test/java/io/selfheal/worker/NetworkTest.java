package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.TraceRequests.End;
import io.selfheal.message.TraceRequests.TraceClients;
import io.selfheal.worker.Network.Found;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final int ESTABLISHED = 1;
  private static final int SERVER = 5432;
  private static final long OWN_SOCKET = 1;

  private final List<SocketLine> here = new ArrayList<>();
  private final List<SocketLine> elsewhere = new ArrayList<>();

  private static SocketLine line(String local, int port, int remotePort, int state, long inode) {
    return line(local, port, "127.0.0.1", remotePort, state, inode);
  }

  private static SocketLine line(
      String local, int port, String remote, int remotePort, int state, long inode) {
    return new SocketLine(
        InetAddress.ofLiteral(local),
        port,
        InetAddress.ofLiteral(remote),
        remotePort,
        state,
        inode);
  }

  /** The agent's own connection, of both ends of which the table knows. */
  private NetworkTest direct(String address) {
    here.add(line(address, 40_000, address, SERVER, ESTABLISHED, OWN_SOCKET));
    here.add(line(address, SERVER, address, 40_000, ESTABLISHED, 2));
    return this;
  }

  private Found find(String own, String address, int port) {
    TraceClients question =
        new TraceClients(new End(own, 40_000), SERVER, List.of(), Set.of(), false);
    return new Network(here, elsewhere, List.of(OWN_SOCKET)).find(question, new End(address, port));
  }

  @Test
  void theSocketWithThatEndAndTheServersPort() {
    direct("127.0.0.1");
    here.add(line("127.0.0.1", 40_001, 6379, ESTABLISHED, 8));
    here.add(line("127.0.0.1", 40_001, SERVER, ESTABLISHED, 9));
    assertEquals(new Found.Socket(9), find("127.0.0.1", "127.0.0.1", 40_001));
    assertEquals(new Found.Nothing(), find("127.0.0.1", "127.0.0.1", 40_002));
  }

  @Test
  void nothingWhenTheServerDoesNotSeeTheAgentsOwnSocket() {
    here.add(line("127.0.0.1", 40_001, SERVER, ESTABLISHED, 9));
    assertEquals(new Found.Nothing(), find("127.0.0.1", "127.0.0.1", 40_001));
    // Somebody's: a pooler's, as it connects for the agent.
    here.add(line("127.0.0.1", 40_000, SERVER, ESTABLISHED, 77));
    assertEquals(new Found.Nothing(), find("127.0.0.1", "127.0.0.1", 40_001));
  }

  @Test
  void theLoopbackOfAnotherMachineIsNotThisOne() {
    here.add(line("10.0.0.1", 40_000, "10.0.0.9", SERVER, ESTABLISHED, OWN_SOCKET));
    here.add(line("127.0.0.1", 40_001, SERVER, ESTABLISHED, 9));
    here.add(line("10.0.0.1", 40_001, "10.0.0.9", SERVER, ESTABLISHED, 10));
    assertEquals(new Found.Nothing(), find("10.0.0.1", "127.0.0.1", 40_001));
    assertEquals(new Found.Socket(10), find("10.0.0.1", "10.0.0.1", 40_001));
    assertEquals(new Found.Nothing(), find("10.0.0.1", "10.0.0.2", 40_001));
  }

  @Test
  void aContainersSocketIsInItsOwnTableAndItsLoopbackIsItsOwn() {
    direct("10.0.0.1");
    elsewhere.add(line("172.17.0.2", 40_001, "10.0.0.1", SERVER, ESTABLISHED, 9));
    elsewhere.add(line("127.0.0.1", 40_002, SERVER, ESTABLISHED, 10));
    assertEquals(new Found.Socket(9), find("10.0.0.1", "172.17.0.2", 40_001));
    assertEquals(new Found.Nothing(), find("10.0.0.1", "127.0.0.1", 40_002));
  }

  @Test
  void twoThatCouldBeItAreNone() {
    direct("10.0.0.1");
    elsewhere.add(line("172.17.0.2", 40_001, "10.0.0.1", SERVER, ESTABLISHED, 9));
    elsewhere.add(line("172.17.0.2", 40_001, "10.0.0.1", SERVER, ESTABLISHED, 10));
    assertEquals(new Found.Nothing(), find("10.0.0.1", "172.17.0.2", 40_001));
  }

  @Test
  void closedWhenTheServersEndSaysSoAndNobodyHoldsTheOther() {
    direct("127.0.0.1");
    here.add(line("127.0.0.1", SERVER, 40_001, SocketLine.CLOSE_WAIT, 8));
    assertEquals(new Found.Closed(), find("127.0.0.1", "127.0.0.1", 40_001));
    here.add(line("127.0.0.1", 40_001, SERVER, 5, 0));
    assertEquals(new Found.Closed(), find("127.0.0.1", "127.0.0.1", 40_001));
    here.add(line("127.0.0.1", 40_001, SERVER, 5, 9));
    assertEquals(new Found.Socket(9), find("127.0.0.1", "127.0.0.1", 40_001));
  }
}
