package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Lines as a little-endian kernel prints them. */
class SocketLineTest {
  private static final String TAIL = " 00000000:00000000 00:00000000 00000000   101        0 ";

  private static SocketLine line(String ends, String state, long inode) {
    Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    String text =
        "   7: " + ends + " " + state + TAIL + inode + " 1 000000001ae177cf 20 4 30 10 -1";
    return SocketLine.parse(text).orElseThrow();
  }

  @Test
  void versionFour() {
    SocketLine line = line("0100007F:D6D7 0200000A:1538", "01", 154644);
    assertEquals(InetAddress.ofLiteral("127.0.0.1"), line.localAddress());
    assertEquals(0xD6D7, line.localPort());
    assertEquals(InetAddress.ofLiteral("10.0.0.2"), line.remoteAddress());
    assertEquals(5432, line.remotePort());
    assertEquals(154644, line.inode());
    assertFalse(line.listens());
  }

  @Test
  void versionSix() {
    SocketLine line =
        line(
            "00000000000000000000000001000000:1538 B80D0120000000000000000001000000:9C40", "0A", 9);
    assertEquals(InetAddress.ofLiteral("::1"), line.localAddress());
    assertEquals(InetAddress.ofLiteral("2001:db8::1"), line.remoteAddress());
    assertTrue(line.listens());
  }

  /** A JVM connects with a socket of version 6; the server sees version 4. */
  @Test
  void versionFourInSix() {
    SocketLine line =
        line(
            "0000000000000000FFFF00000100007F:9C40 0000000000000000FFFF00000100007F:1538", "01", 9);
    assertEquals(InetAddress.ofLiteral("127.0.0.1"), line.localAddress());
    assertEquals(InetAddress.ofLiteral("127.0.0.1"), line.remoteAddress());
  }

  @Test
  void everythingElseIsNoLine() {
    String good = "7: 0100007F:D6D7 00000000:0000 01" + TAIL + "154644 1";
    assertTrue(SocketLine.parse(good).isPresent());
    for (String bad :
        List.of(
            "",
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                + "  timeout inode",
            good.replace("0100007F:D6D7", "0100007F"),
            good.replace("0100007F", "01007F"),
            good.replace("0100007F", "0100007G"),
            good.replace("154644", "many"),
            good.substring(0, 60))) {
      assertEquals(Optional.empty(), SocketLine.parse(bad), bad);
    }
  }
}
