package io.selfheal.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The agent and its peers, all of them running; each in a yard of its own. */
final class Tools implements AutoCloseable {
  private final List<Ending> endings = new ArrayList<>();
  private final List<Tool> tools = new ArrayList<>();
  private final Thread hook = new Thread(this::endWithJvm);

  /** How one of them is ended. */
  @FunctionalInterface
  private interface Ending {
    void end() throws IOException, SQLException;
  }

  private Tools() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts all that are installed, and says of each how it is configured. */
  static Tools open(PrintStream out, int instances) throws Exception {
    Tools tools = new Tools();
    try {
      tools.start(out, instances);
      return tools;
    } catch (Exception failure) {
      tools.close();
      throw failure;
    }
  }

  private void start(PrintStream out, int instances) throws Exception {
    Optional<String> supervisord = Peer.find("supervisord");
    Optional<String> monit = Peer.find("monit");
    add(AgentTool.open(yard(out, instances, true)));
    if (supervisord.isPresent()) {
      add(Peer.supervisord(yard(out, instances, false), supervisord.get()));
    }
    if (monit.isPresent()) {
      add(Peer.monit(yard(out, instances, true), monit.get()));
    }
    for (Tool tool : tools) {
      tool.settings().forEach(out::println);
      tool.yard().awaitAll(tool.can());
    }
    if (supervisord.isEmpty()) {
      out.println("supervisord is not installed (apt-get install supervisor): left out");
    }
    if (monit.isEmpty()) {
      out.println("Monit is not installed (apt-get install monit): left out");
    }
  }

  private Yard yard(PrintStream out, int instances, boolean withDisk) throws Exception {
    Yard yard = new Yard(instances);
    keep(yard::close);
    if (withDisk) {
      try {
        yard.mount();
      } catch (IOException refused) {
        out.println("no small disk can be mounted: " + refused.getMessage());
      }
    }
    return yard;
  }

  private void add(Tool tool) {
    tools.add(tool);
    keep(tool::close);
  }

  private synchronized void keep(Ending ending) {
    endings.addFirst(ending);
  }

  /** Those that can see and heal a fault. */
  List<Tool> able(Fault fault) {
    return tools.stream().filter(tool -> tool.can().contains(fault)).toList();
  }

  private void endWithJvm() {
    try {
      end();
    } catch (Exception failure) {
      System.err.println("could not clean up: " + failure);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    if (!House.jvmEnds()) {
      Runtime.getRuntime().removeShutdownHook(hook);
      end();
    }
  }

  /** Each tool before its yard. */
  private synchronized void end() throws IOException, SQLException {
    List<Ending> all = List.copyOf(endings);
    endings.clear();
    for (Ending one : all) {
      one.end();
    }
  }
}
