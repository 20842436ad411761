package io.selfheal.bench;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills workers that hold a job, one after another, and measures from just before the kill. The
 * first deaths that an agent sees are told apart: its classes are loaded and compiled by them.
 */
final class HealBench {
  private static final int INSTANCES = 10;
  private static final int COLD = 5;

  /** Pauses are spread, so that the kills fall anywhere between the agent's ticks. */
  private static final int PAUSE_MILLIS = 20;

  private static final int SPREAD_MILLIS = 260;

  private final PrintStream out;
  private final int runs;
  private final Random random = new Random(1);
  private final Map<String, Instant> lastDeath = new HashMap<>();

  private final Series noticed = new Series("death -> noticed by the agent", 0);
  private final Series decided = new Series("noticed -> incident opened", 0);
  private final Series opened = new Series("death -> incident opened", 20);
  private final Series heard = new Series("death -> incident in the live feed", 0);
  private final Series requeued = new Series("death -> job requeued, committed", 500);
  private final Series started = new Series("death -> next process started", 0);

  HealBench(PrintStream out, int runs) {
    this.out = out;
    this.runs = runs;
  }

  void run() throws Exception {
    Machine.print(out, "heal: kill -9 of a worker that holds a job");
    out.printf(
        "%d deaths after the first %d, %d workers (sleep), PostgreSQL with fsync, agent as by run%n",
        runs, COLD, INSTANCES);
    String hiccups;
    try (House house = House.open(INSTANCES);
        Ear ear = Ear.connect(house.port());
        Hiccups meanwhile = new Hiccups()) {
      Map<String, Long> living = house.living();
      List<String> instances = new ArrayList<>(living.keySet());
      for (int i = 0; i < COLD + runs; i++) {
        String instance = instances.get(i % instances.size());
        living.put(instance, kill(house, ear, instance, living.get(instance)));
      }
      hiccups = meanwhile.toString();
    }
    print("the first " + COLD + " of a fresh agent", 0, COLD);
    print("then", COLD, COLD + runs);
    out.println(hiccups);
    out.println("load average at end: " + Machine.load());
  }

  /** One death; gives the pid of the next process. */
  private long kill(House house, Ear ear, String instance, long pid) throws Exception {
    String subject = "worker/" + instance;
    Instant before = lastDeath.get(instance);
    if (before != null) {
      ear.await(before, "incident.closed", subject);
    }
    long job = house.jobs().take(pid);
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    Thread.sleep(PAUSE_MILLIS + random.nextInt(SPREAD_MILLIS));
    Instant death = Instant.now();
    process.destroyForcibly();
    lastDeath.put(instance, death);
    Ear.Heard lost = ear.await(death, "worker.lost", subject);
    Instant notice = Instant.parse(lost.data().path("noticed_at").asText());
    noticed.add(death, notice);
    Ear.Heard incident = ear.await(death, "incident.opened", subject);
    decided.add(notice, incident.time());
    opened.add(death, incident.time());
    heard.add(death, incident.heardAt());
    requeued.add(death, house.jobs().requeued(job));
    Ear.Heard next = ear.await(death, "worker.started", subject);
    started.add(death, next.time());
    house.jobs().finish(job);
    long successor = next.data().path("process").path("pid").asLong();
    house.born(successor);
    return successor;
  }

  private void print(String which, int from, int to) {
    out.println(which + ":");
    out.println(Series.header());
    for (Series each : List.of(noticed, decided, opened, heard, requeued, started)) {
      out.println(each.line(from, to));
    }
  }
}
