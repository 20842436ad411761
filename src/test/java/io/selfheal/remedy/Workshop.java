package io.selfheal.remedy;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Request;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.ListWorkers;
import io.selfheal.worker.Shared;
import io.selfheal.worker.WorkerConfig;
import io.selfheal.worker.WorkerConfig.Way;
import io.selfheal.worker.WorkerWatch;
import io.selfheal.worker.WorkersConfig;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real WorkerWatch with real processes; ends what it started. */
final class Workshop implements AutoCloseable {
  final Trial trial = new Trial();
  private final Path home;
  private final List<WorkerConfig> workers;
  private final List<ProcessIdentity> known = new ArrayList<>();
  private String deployment = "";

  Workshop(Path home, WorkerConfig... workers) {
    this.home = home;
    this.workers = List.of(workers);
    start();
  }

  void start() {
    WorkerWatch watch =
        new WorkerWatch(
            new WorkersConfig(workers), home, new Shared("alone", null), trial.bus, trial.time);
    deployment = wait(trial.vertx.deployVerticle(watch));
  }

  /** As after a kill -9 of the agent: what it started runs on. */
  void stop() {
    remember();
    wait(trial.vertx.undeploy(deployment));
  }

  static WorkerConfig run(String name, int instances, String... command) {
    return worker(
        name,
        new Way.Run(
            List.of(command), instances, Optional.empty(), Map.of(), false, Duration.ofSeconds(5)));
  }

  static WorkerConfig worker(String name, Way way) {
    return new WorkerConfig(name, way, Optional.empty(), Duration.ofSeconds(3));
  }

  <Q, R> R ask(Request<Q, R> request, Q query) {
    return wait(trial.bus.ask(request, query, Duration.ofSeconds(30)));
  }

  List<Instance> instances(String worker) {
    return ask(WorkerRequests.LIST, new ListWorkers()).workers().stream()
        .filter(one -> one.id().equals(worker))
        .flatMap(one -> one.processes().stream())
        .toList();
  }

  Optional<ProcessIdentity> process(String instance) {
    return ask(WorkerRequests.LIST, new ListWorkers()).workers().stream()
        .flatMap(one -> one.processes().stream())
        .filter(one -> one.instance().equals(instance))
        .flatMap(one -> Optional.ofNullable(one.process()).stream())
        .findFirst();
  }

  /** Waits until the program that was asked for runs, and not setsid any more. */
  ProcessIdentity settled(String instance, String program) {
    ProcessIdentity process = process(instance).orElseThrow();
    while (!command(process.pid()).contains(program)) {
      Thread.onSpinWait();
    }
    return process;
  }

  static String command(long pid) {
    return ProcessHandle.of(pid).flatMap(one -> one.info().command()).orElse("");
  }

  static void signal(String signal, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + signal + " " + pid + " failed");
    }
  }

  static <T> T wait(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError("not within 30 s, or failed", failure);
    }
  }

  private void remember() {
    ask(WorkerRequests.LIST, new ListWorkers()).workers().stream()
        .flatMap(one -> one.processes().stream())
        .forEach(one -> Optional.ofNullable(one.process()).ifPresent(known::add));
  }

  @Override
  public void close() {
    remember();
    trial.close();
    for (ProcessIdentity process : known) {
      ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
