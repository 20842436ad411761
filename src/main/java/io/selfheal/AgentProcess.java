package io.selfheal;

import io.selfheal.cli.AgentFailure;
import io.selfheal.cli.Cli;
import io.selfheal.rule.Rules;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent as a process: starts it, waits for a signal, stops it within 10 s, and within the grace
 * of the workers that are to end with it. A second signal, or a stop that hangs, ends the process
 * anyway; nothing that it keeps needs a clean end.
 */
final class AgentProcess {
  private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final int START_SECONDS = 120;

  private final AgentConfig config;
  private final Kinds kinds;
  private final Rules rules;
  private final CompletableFuture<Void> told = new CompletableFuture<>();
  private final AtomicInteger signals = new AtomicInteger();

  AgentProcess(AgentConfig config, Kinds kinds, Rules rules) {
    this.config = config;
    this.kinds = kinds;
    this.rules = rules;
  }

  /** Runs until it is told to stop; gives the exit code. */
  int run() throws AgentFailure, IOException, InterruptedException {
    try (DataDir held = DataDir.take(config.dataDir())) {
      LOG.debug("Holding {}", held);
      for (String signal : new String[] {"TERM", "INT"}) {
        Signals.on(signal, () -> signalled(signal));
      }
      Agent agent = new Agent(config, kinds, rules);
      Signals.on("HUP", agent::reload);
      int exit = start(agent);
      if (exit == Cli.OK) {
        told.join();
      }
      return stop(agent) ? exit : Cli.ERROR;
    }
  }

  private void signalled(String signal) {
    if (signals.incrementAndGet() > 1) {
      LOG.warn("SIG{} again: leaving at once", signal);
      Runtime.getRuntime().halt(128 + 15);
    }
    LOG.info("SIG{}: stopping", signal);
    told.complete(null);
  }

  /** Starts it; whoever tells it to stop meanwhile does not wait for the rest of the start. */
  private int start(Agent agent) throws InterruptedException {
    try {
      CompletableFuture.anyOf(agent.start().toCompletionStage().toCompletableFuture(), told)
          .get(START_SECONDS, TimeUnit.SECONDS);
      return Cli.OK;
    } catch (ExecutionException failure) {
      LOG.error("The agent cannot start: {}", Cli.explain(cause(failure)));
    } catch (TimeoutException hanging) {
      LOG.error("The agent did not start within {} s", START_SECONDS);
    }
    return Cli.ERROR;
  }

  private boolean stop(Agent agent) throws InterruptedException {
    Duration limit = STOP_LIMIT.plus(config.workers().longestStop());
    try {
      agent.stop("told to by a signal", limit);
      LOG.info("Stopped");
      return true;
    } catch (ExecutionException failure) {
      LOG.error("The stop was not clean: {}", Cli.explain(cause(failure)));
    } catch (TimeoutException hanging) {
      LOG.error("The stop hangs after {} s: leaving at once", limit.toSeconds());
      Runtime.getRuntime().halt(Cli.ERROR);
    }
    return false;
  }

  private static Throwable cause(ExecutionException failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }
}
