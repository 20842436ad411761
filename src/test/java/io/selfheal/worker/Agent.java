package io.selfheal.worker;

import io.selfheal.bus.Bus;
import io.selfheal.bus.Time;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.Request;
import io.selfheal.message.WorkerEvent;
import io.selfheal.message.WorkerRequests;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.ReadyStore;
import io.selfheal.store.Store;
import io.selfheal.store.StoreConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WorkerWatch with its own Vert.x, as a running agent has it; ends what it started. */
final class Agent implements AutoCloseable {
  final TurnedTime clock = new TurnedTime();
  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Events events = new Events(bus);
  final WorkerWatch watch;
  private final @Nullable Store store;
  private String deployment = "";

  /** One that shares nothing. */
  Agent(Path home, WorkerConfig... workers) {
    store = null;
    watch = watch(home, new Shared("alone", null), workers);
  }

  /** One that shares a database. */
  Agent(Path home, String name, PostgresUrl url, WorkerConfig... workers) {
    Time real = new Time(InstantSource.system(), System::nanoTime);
    store = new Store(vertx, StoreConfig.with(url), home, bus, real);
    watch = watch(home, new Shared(name, store.database()), workers);
  }

  private WorkerWatch watch(Path home, Shared shared, WorkerConfig... workers) {
    return new WorkerWatch(new WorkersConfig(List.of(workers)), home, shared, bus, clock.time());
  }

  static WorkerConfig run(String name, int instances, boolean stop, List<String> command) {
    return worker(
        name,
        new WorkerConfig.Way.Run(
            command, instances, Optional.empty(), Map.of(), stop, Duration.ofSeconds(5)));
  }

  static WorkerConfig worker(String name, WorkerConfig.Way way) {
    return new WorkerConfig(name, way, Optional.empty(), Duration.ofSeconds(3));
  }

  Agent start() {
    if (store != null) {
      wait(ReadyStore.deploy(vertx, store));
    }
    return startWatch();
  }

  /** Its database may be away, and stay away. */
  Agent startAway() {
    if (store != null) {
      wait(vertx.deployVerticle(store));
    }
    return startWatch();
  }

  private Agent startWatch() {
    deployment = wait(vertx.deployVerticle(watch));
    return this;
  }

  void stop() {
    wait(vertx.undeploy(deployment));
    deployment = "";
  }

  <Q, R> R ask(Request<Q, R> request, Q query) {
    return wait(bus.ask(request, query, Duration.ofSeconds(30)));
  }

  WorkerRequests.Worker list(String worker) {
    return ask(WorkerRequests.LIST, new WorkerRequests.ListWorkers()).workers().stream()
        .filter(one -> one.id().equals(worker))
        .findFirst()
        .orElseThrow();
  }

  Instance instance(String worker, String instance) {
    return list(worker).processes().stream()
        .filter(one -> one.instance().equals(instance))
        .findFirst()
        .orElseThrow();
  }

  ProcessIdentity process(String worker, String instance) {
    ProcessIdentity process = instance(worker, instance).process();
    if (process == null) {
      throw new AssertionError(instance + " has no process");
    }
    return process;
  }

  /** Lets time pass in steps of a second, each with a round of sampling. */
  void seconds(int count) {
    for (int i = 0; i < count; i++) {
      clock.pass(Duration.ofSeconds(1));
      wait(watch.sample());
    }
  }

  /** Samples until the kernel shows that letter: signals take effect a moment later. */
  void untilState(String worker, String instance, char state) {
    for (int i = 0; i < 10_000; i++) {
      wait(watch.sample());
      var reading = instance(worker, instance).reading();
      if (reading != null && reading.state() == state) {
        return;
      }
    }
    throw new AssertionError(instance + " never came to state " + state);
  }

  static <T> T wait(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError("not within 30 s, or failed", failure);
    }
  }

  /** Waits until the program that was asked for has taken the place of setsid. */
  ProcStat settled(String worker, String instance) throws IOException {
    Proc proc = Proc.open();
    for (int i = 0; i < 100_000; i++) {
      ProcStat stat = proc.stat(process(worker, instance).pid()).orElseThrow();
      if (!stat.name().equals("setsid") && stat.rssPages() > 0) {
        return stat;
      }
    }
    throw new AssertionError(instance + " never became its program");
  }

  /** Sends a signal as an operator would. */
  static void signal(String signal, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + signal + " " + pid + " failed");
    }
  }

  @Override
  public void close() {
    List<Instance> left =
        deployment.isEmpty()
            ? List.of()
            : ask(WorkerRequests.LIST, new WorkerRequests.ListWorkers()).workers().stream()
                .flatMap(worker -> worker.processes().stream())
                .toList();
    wait(vertx.close());
    for (Instance instance : left) {
      ProcessIdentity process = instance.process();
      if (process != null) {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** Whether it lives, by its start ticks too. */
  static boolean lives(ProcessIdentity process) {
    try {
      return Proc.open().identity(process.pid()).filter(process::equals).isPresent();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  WorkerEvent.Lost lost(ProcessIdentity process) throws InterruptedException {
    return events.await(WorkerEvent.Lost.class, event -> event.process().equals(process));
  }
}
