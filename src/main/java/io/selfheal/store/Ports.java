package io.selfheal.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Chooses the port of the embedded server. It lies outside the range from which the kernel takes
 * the ports of outgoing connections: inside it, a client that retries while the server is down can
 * be given the server's own port, connect to itself, and keep the server from coming back.
 */
final class Ports {
  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 65_535;
  private static final int LEAST_CHOICE = 100;
  private static final int DEFAULT_START_OF_RANGE = 32_768;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int ATTEMPTS = 100;

  private Ports() {}

  /** A free port on loopback. */
  static int choose(Random random) throws IOException {
    String[] range = range().strip().split("\\s+", 2);
    int first = Integer.parseInt(range[0]);
    int last = Integer.parseInt(range[1]);
    for (int i = 0; i < ATTEMPTS; i++) {
      int port = candidate(first, last, random);
      if (free(port)) {
        return port;
      }
    }
    throw new IOException("no free port was found on 127.0.0.1");
  }

  /** A port beside the range; below it, above it, or, when it leaves no room, anywhere. Pure. */
  static int candidate(int first, int last, Random random) {
    if (first - LOWEST >= LEAST_CHOICE) {
      return random.nextInt(LOWEST, first);
    }
    if (HIGHEST - last >= LEAST_CHOICE) {
      return random.nextInt(Math.max(last + 1, LOWEST), HIGHEST + 1);
    }
    return random.nextInt(LOWEST, HIGHEST + 1);
  }

  /** Whether a server could listen there now. */
  static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static String range() throws IOException {
    try {
      // Not readString: it asks for one byte first, and /proc/sys answers only the first read.
      return Files.readAllLines(RANGE).getFirst();
    } catch (NoSuchFileException unknown) {
      return DEFAULT_START_OF_RANGE + " " + HIGHEST;
    }
  }
}
