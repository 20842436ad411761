package io.selfheal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Permits and reports of a real agent over the Unix socket and TCP, one by one and in batches. The
 * load runs on the same processors.
 */
final class PermitWireBench {
  private static final String SECTIONS =
      """
      services:
        - name: bench
          budget: { amount: 1000000, currency: USD, per: day }
          limits: { rate: 100000000/min, concurrent: 10000 }
      """;
  private static final String ASK = "/api/v1/services/bench/permits";
  private static final String COST = "{\"cost\":0.001}";
  private static final String SUCCESS = "{\"outcome\":\"success\",\"duration_ms\":12}";
  private static final int BATCH = 100;
  private static final int MANY = 32;

  private final PrintStream out;
  private final int seconds;

  PermitWireBench(PrintStream out, int seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  void run() throws Exception {
    Machine.print(out, "permits: over the wire, from a client in another process beside the agent");
    out.printf("each %d s after as long a warm-up; a pair is a permit and its report%n", seconds);
    try (House house = House.open(new HouseConfig(SECTIONS, "", 0))) {
      SocketAddress unix = UnixDomainSocketAddress.of(house.socket());
      SocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port());
      String host = "127.0.0.1:" + house.port();
      out.printf("%-38s %10s %10s %10s  %s%n", "", "pairs/s", "p50 us", "p99 us", "target");
      line("Unix socket, 1 connection", unix, host, "", 1, "p50 60, p99 250 a request");
      line("Unix socket, 32 connections", unix, host, "", MANY, "15,000 pairs/s");
      line("TCP, 1 connection", tcp, host, house.token(), 1, "");
      line("TCP, 32 connections", tcp, host, house.token(), MANY, "15,000 pairs/s");
      batched("Unix socket, permits and reports by 100", unix, host, 2);
      PythonPermits.run(out, house.socket(), "bench");
    }
    out.println("load average at end: " + Machine.load());
  }

  private void line(
      String name, SocketAddress address, String host, String token, int connections, String target)
      throws Exception {
    measure(address, host, token, connections);
    Result result = measure(address, host, token, connections);
    out.printf(
        "%-38s %10.0f %10.1f %10.1f  %s%n",
        name,
        result.pairs() / (double) seconds,
        result.at(0.5) / 1e3,
        result.at(0.99) / 1e3,
        target);
  }

  private Result measure(SocketAddress address, String host, String token, int connections)
      throws Exception {
    return together(connections, () -> oneByOne(address, host, token));
  }

  private Result oneByOne(SocketAddress address, String host, String token) throws IOException {
    Result result = new Result();
    try (PermitCaller caller = PermitCaller.connect(address, host, token)) {
      byte[] ask = caller.request(ASK, COST);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      for (long mark = System.nanoTime(); mark < end; ) {
        caller.send(ask);
        String permit = PermitCaller.permit(caller.receive());
        mark = result.took(mark);
        caller.send(caller.request("/api/v1/permits/" + permit + "/report", SUCCESS));
        caller.receive();
        mark = result.took(mark);
        result.pair(1);
      }
    }
    return result;
  }

  private void batched(String name, SocketAddress address, String host, int connections)
      throws Exception {
    together(connections, () -> byBatches(address, host));
    Result result = together(connections, () -> byBatches(address, host));
    out.printf(
        "%-38s %10.0f %10.1f %10.1f  %s%n",
        name,
        result.pairs() / (double) seconds,
        result.at(0.5) / 1e3,
        result.at(0.99) / 1e3,
        "40,000 pairs/s; times of a batch");
  }

  private Result byBatches(SocketAddress address, String host) throws IOException {
    Result result = new Result();
    try (PermitCaller caller = PermitCaller.connect(address, host, "")) {
      String one = "{\"service\":\"bench\",\"cost\":0.001},";
      String all = one.repeat(BATCH);
      byte[] ask =
          caller.request(
              "/api/v1/permits", "{\"permits\":[" + all.substring(0, all.length() - 1) + "]}");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      for (long mark = System.nanoTime(); mark < end; ) {
        caller.send(ask);
        caller.send(caller.request("/api/v1/permits/reports", reports(caller.receive())));
        caller.receive();
        mark = result.took(mark);
        result.pair(BATCH);
      }
    }
    return result;
  }

  private static String reports(String granted) throws IOException {
    StringBuilder body = new StringBuilder("{\"reports\":[");
    String mark = "\"permit\":\"";
    int count = 0;
    for (int at = granted.indexOf(mark); at >= 0; at = granted.indexOf(mark, at + 1)) {
      int begin = at + mark.length();
      body.append(count++ == 0 ? "" : ",")
          .append("{\"permit\":\"")
          .append(granted, begin, granted.indexOf('"', begin))
          .append("\",\"outcome\":\"success\",\"duration_ms\":12}");
    }
    if (count != BATCH) {
      throw new IOException(count + " permits of " + BATCH + ": " + granted);
    }
    return body.append("]}").toString();
  }

  private static Result together(int connections, Callable<Result> work)
      throws InterruptedException, ExecutionException {
    Result all = new Result();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Result>> running = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(work));
      }
      for (Future<Result> one : running) {
        all.add(one.get());
      }
    }
    return all;
  }

  /** What was measured, in nanoseconds. */
  private static final class Result {
    private long[] nanos = new long[1 << 16];
    private int count;
    private long pairs;

    /** Keeps what has passed since a mark, and gives the next. */
    long took(long mark) {
      long now = System.nanoTime();
      put(now - mark);
      return now;
    }

    private void put(long value) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = value;
    }

    void pair(int more) {
      pairs += more;
    }

    void add(Result other) {
      for (int i = 0; i < other.count; i++) {
        put(other.nanos[i]);
      }
      pairs += other.pairs;
    }

    long pairs() {
      return pairs;
    }

    long at(double share) {
      Arrays.sort(nanos, 0, count);
      return nanos[(int) Math.ceil(share * count) - 1];
    }
  }
}
