package io.selfheal.bench;

import io.selfheal.bench.Yard.Broken;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Something that looks after workers: the agent, or a peer. */
interface Tool extends AutoCloseable {
  String name();

  /** How it is configured, what it verifies itself, and what it cannot: lines for the reader. */
  List<String> settings();

  /** What it can see and heal. */
  Set<Fault> can();

  /** What it looks after. */
  Yard yard();

  /** When it said that something is wrong. */
  Instant detected(Broken broken) throws IOException, InterruptedException;

  /** When it said that all is well again. */
  Instant healed(Broken broken) throws IOException, InterruptedException;

  @Override
  void close() throws IOException, SQLException;
}
