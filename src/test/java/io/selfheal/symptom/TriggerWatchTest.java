package io.selfheal.symptom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real triggers, of this machine and of control groups that are made for it. */
@Timeout(60)
class TriggerWatchTest implements TriggerWatch.Listener {
  private static final Path HOST = Path.of("/proc/pressure/memory");

  /** Without CAP_SYS_RESOURCE it is told of every two seconds. */
  private static final StallLimit LITTLE =
      new StallLimit(Duration.ofMillis(20), Duration.ofSeconds(2));

  @TempDir private Path home;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final List<TriggerWatch> watches = new ArrayList<>();
  private final List<SmallGroup> groups = new ArrayList<>();
  private final List<Thrashing> processes = new ArrayList<>();

  @Override
  public void stalled(Trigger trigger) {
    heard.add("stalled " + trigger.file());
  }

  @Override
  public void refused(Trigger trigger, int errno) {
    heard.add(Refusal.words(trigger.file(), trigger.limit(), errno));
  }

  @Override
  public void gone(Trigger trigger) {
    heard.add("gone " + trigger.file());
  }

  @AfterEach
  void close() throws IOException {
    for (Thrashing process : processes) {
      process.close();
    }
    watches.forEach(TriggerWatch::close);
    watches.forEach(watch -> watch.ended().toCompletableFuture().join());
    groups.forEach(SmallGroup::close);
  }

  private TriggerWatch watch() {
    TriggerWatch watch = TriggerWatch.start(this);
    watches.add(watch);
    return watch;
  }

  private SmallGroup group(String name, Optional<Long> bytes) throws IOException {
    Optional<SmallGroup> made = SmallGroup.make(name, bytes);
    assumeTrue(
        made.isPresent(),
        "skipped: this host does not let the test make a control group with pressure information");
    groups.add(made.get());
    return made.get();
  }

  private static void needsTriggers() {
    assumeTrue(
        Files.isWritable(HOST),
        "skipped: this kernel keeps no pressure information, or gives no triggers of it");
  }

  private static Trigger of(Path file) {
    return new Trigger(file, file.equals(HOST) ? 0 : 1, LITTLE);
  }

  private void await(Predicate<String> wanted) throws InterruptedException {
    List<String> others = new ArrayList<>();
    for (String next = ""; !wanted.test(next); others.add(next)) {
      next = heard.poll(30, TimeUnit.SECONDS);
      assertTrue(next != null, () -> "it did not come; others: " + others);
    }
  }

  /** These are wanted, and what was to open and to close has been: other news is dropped. */
  private void settle(TriggerWatch watch, Trigger... triggers) throws InterruptedException {
    for (String round : List.of("first", "second")) {
      // What is wanted at once is opened in any order.
      Set<Trigger> wanted = new HashSet<>(Set.of(triggers));
      wanted.add(of(home.resolve(round)));
      watch.want(wanted);
      await(next -> next.equals(home.resolve(round) + " is not there"));
    }
  }

  /** The threads that wait for the kernel's word, by what /proc calls them. */
  private static Set<Path> threads() throws IOException {
    Set<Path> found = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path each : all) {
        if (Files.readString(each.resolve("comm")).strip().equals("selfheal-stalls")) {
          found.add(each);
        }
      }
    }
    return found;
  }

  /** How often a thread went to sleep. */
  private static String sleeps(Path thread) throws IOException {
    return Files.readString(thread.resolve("status"))
        .lines()
        .filter(line -> line.startsWith("voluntary_ctxt_switches"))
        .findFirst()
        .orElseThrow();
  }

  /** A group that thrashes is told of, and so is the host; one that is quiet wakes nobody. */
  @Test
  void theKernelTellsOfStallsAndIsSilentOtherwise() throws Exception {
    needsTriggers();
    SmallGroup small = group("thrashes", Optional.of(16L << 20));
    SmallGroup calm = group("calm", Optional.empty());
    Path idle = idle(calm.pressure());
    watch().want(Set.of(of(small.pressure()), of(HOST)));
    processes.add(Thrashing.in(small, home.resolve("file")));
    await(next -> next.equals("stalled " + HOST));
    String before = sleeps(idle);
    await(next -> next.equals("stalled " + small.pressure()));
    await(next -> next.equals("stalled " + HOST));
    assertEquals(before, sleeps(idle), "it slept on");
    assertTrue(heard.stream().noneMatch(each -> each.contains("calm")), heard.toString());
  }

  /** A thread that waits for the word of one group only. */
  private Path idle(Path pressure) throws Exception {
    Set<Path> before = threads();
    settle(watch(), of(pressure));
    Set<Path> after = threads();
    after.removeAll(before);
    assertEquals(1, after.size());
    assertEquals(1, Descriptors.of(pressure));
    return after.iterator().next();
  }

  @Test
  void aGroupThatGoesIsSaidOnceAndItsDescriptorClosed() throws Exception {
    SmallGroup group = group("goes", Optional.empty());
    TriggerWatch watch = watch();
    settle(watch, of(group.pressure()));
    assertEquals(1, Descriptors.of(group.pressure()));
    group.close();
    await(next -> next.equals("gone " + group.pressure()));
    assertEquals(0, Descriptors.of(group.pressure()));
    settle(watch, of(group.pressure()));
    assertTrue(heard.isEmpty(), "it is not tried again: " + heard);
  }

  @Test
  void whatIsWantedNoMoreIsClosed() throws Exception {
    needsTriggers();
    SmallGroup group = group("reload", Optional.empty());
    long hosts = Descriptors.of(HOST);
    TriggerWatch watch = watch();
    settle(watch, of(group.pressure()), of(HOST));
    assertEquals(1, Descriptors.of(group.pressure()));
    assertEquals(hosts + 1, Descriptors.of(HOST));
    settle(watch, of(HOST));
    assertEquals(0, Descriptors.of(group.pressure()));
    assertEquals(hosts + 1, Descriptors.of(HOST));
    watch.close();
    watch.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertEquals(hosts, Descriptors.of(HOST));
    watch.want(Set.of(of(HOST)));
    assertEquals(hosts, Descriptors.of(HOST), "it has ended");
  }

  @Test
  void whatTheKernelRefusesIsSaidWithWhatWouldHelp() throws Exception {
    needsTriggers();
    Path proc = Files.createDirectory(home.resolve("proc"));
    Trigger tooLong =
        new Trigger(HOST, 0, new StallLimit(Duration.ofMillis(20), Duration.ofSeconds(14)));
    Trigger readOnly = of(proc.resolve("pressure/memory"));
    watch().want(Set.of(tooLong));
    await(next -> next.contains("refuses a window of 14000 ms: without CAP_SYS_RESOURCE"));
    assumeTrue(
        run("mount", "-t", "proc", "-o", "ro", "selfheal-test", proc.toString()),
        "skipped: only root may mount what is read-only");
    try {
      watch().want(Set.of(readOnly));
      await(
          next ->
              next.equals(readOnly.file() + " is mounted read-only, as it is in many containers"));
    } finally {
      assertTrue(run("umount", "-l", proc.toString()));
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
