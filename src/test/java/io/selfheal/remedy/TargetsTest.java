package io.selfheal.remedy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Owner;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.WorkerRequests.Instance;
import io.selfheal.message.WorkerRequests.Liveness;
import io.selfheal.message.WorkerRequests.Worker;
import io.selfheal.remedy.Target.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetsTest {
  private static final List<Worker> WORKERS =
      List.of(
          worker(
              "images",
              Owner.AGENT,
              instance("images.1", 11, Liveness.RUNNING),
              instance("images.2", 0, Liveness.LOST),
              instance("images.3", 0, Liveness.STOPPED)),
          worker("images-large", Owner.AGENT, instance("images-large.1", 21, Liveness.RUNNING)),
          worker("unit", Owner.SYSTEMD, instance("unit@31", 31, Liveness.RUNNING)),
          worker("down", Owner.SYSTEMD),
          worker(
              "found",
              Owner.OTHER,
              instance("found@41", 41, Liveness.RUNNING),
              instance("found@42", 0, Liveness.LOST)),
          worker("nothing", Owner.OTHER));

  private static Worker worker(String id, Owner owner, Instance... instances) {
    return new Worker(id, "run", owner, null, List.of(instances), null);
  }

  private static Instance instance(String name, long pid, Liveness liveness) {
    return new Instance(
        name,
        pid == 0 ? null : process(pid),
        liveness,
        "",
        Instant.EPOCH,
        null,
        List.of(),
        null,
        0,
        null,
        pid == 0 ? null : Duration.ofMinutes(5),
        false);
  }

  private static ProcessIdentity process(long pid) {
    return new ProcessIdentity("boot", pid, pid * 100);
  }

  @ParameterizedTest
  @CsvSource({
    // worker, instance, every, subject, slots
    "'', '', false, worker/images.1, images.1",
    "'', '', false, worker/images.2, images.2",
    "'', '', true, worker/images.1, images.1 images.2",
    "images, '', false, host, images.1 images.2",
    "images, '', false, worker/unit@31, images.1 images.2",
    "'', images.3, false, host, images.3",
    "'', '', false, worker/images-large.1, images-large.1",
    "'', '', true, worker/found@41, found@41",
    "'', '', false, worker/found@42, found@42",
    "'', '', false, worker/unit@30, unit@31",
    "'', '', false, worker/unit, unit@31",
    "'', '', false, worker/down, down",
    "'', '', true, worker/found, found@41",
    "'', '', true, worker/unit@30, unit@31",
    "found, '', false, worker/found, found@41",
    "'', '', false, worker/found, ''",
    "'', '', false, worker/images, ''",
    "down, '', false, host, down",
    "'', '', false, worker/down@7, down@7",
    // nothing is never everything
    "'', '', false, host, ''",
    "'', '', true, source/images, ''",
    "nobody, '', false, worker/images.1, ''",
    "'', nobody.1, false, worker/images.1, ''",
    "'', '', false, worker/other.1, ''",
    "nothing, '', false, host, ''",
  })
  void whatIsMeant(String worker, String instance, boolean every, String subject, String slots) {
    Selection selection =
        new Selection(
            Optional.of(worker).filter(text -> !text.isEmpty()),
            Optional.of(instance).filter(text -> !text.isEmpty()),
            every);
    Targets.Choice choice = Targets.choose(selection, subject, WORKERS);
    assertEquals(slots, String.join(" ", choice.all().stream().map(Target::instance).toList()));
    assertEquals(choice.all().isEmpty(), !choice.problem().isEmpty(), choice.problem());
  }

  @Test
  void theFollowerOfAFoundProcessIsNeverTakenForIt() {
    Target follower = Targets.choose(Selection.SUBJECT, "worker/unit@30", WORKERS).all().getFirst();
    assertEquals(Standing.FOLLOWED, follower.standing(null, Optional.empty()));
    assertEquals(Standing.FOLLOWED, follower.standing(process(31), Optional.empty()));
  }

  /** A process that is younger than the incident still follows. */
  @ParameterizedTest
  @CsvSource({"'', false", "'', true", "unit, false"})
  void aUnitIsMeantWithWhicheverProcessItHas(String worker, boolean every) {
    Selection selection =
        new Selection(Optional.of(worker).filter(name -> !name.isEmpty()), Optional.empty(), every);
    Target unit = Targets.choose(selection, "worker/unit", WORKERS).all().getFirst();
    assertEquals(Target.Meant.WORKER, unit.meant());
    assertEquals(Standing.SAME, unit.standing(null, Optional.of(Duration.ofMinutes(1))));
    assertEquals(Standing.FOLLOWED, unit.standing(null, Optional.of(Duration.ofHours(1))));
    assertNull(unit.whichever().process());
  }

  @ParameterizedTest
  @CsvSource({
    // the process of now, the one that was seen, how long the incident is open in s
    "11, 11, 1000, SAME",
    "11, 12, 1, FOLLOWED",
    "11, 0, 299, SAME",
    "11, 0, 301, FOLLOWED",
    "11, 0, -1, SAME",
    "0, 11, 1, EMPTY",
    "0, 0, 1, EMPTY",
  })
  void howASlotStandsToWhatWasSeen(long now, long seen, long open, Standing standing) {
    Target target = Target.of(WORKERS.getFirst(), instance("images.1", now, Liveness.RUNNING));
    @Nullable ProcessIdentity process = seen == 0 ? null : process(seen);
    Optional<Duration> since = open < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(open));
    assertEquals(standing, target.standing(process, since));
  }

  /** The same pid, started at another time, is another process. */
  @Test
  void aReusedPidIsAnotherProcess() {
    Target target = Target.of(WORKERS.getFirst(), instance("images.1", 11, Liveness.RUNNING));
    ProcessIdentity before = new ProcessIdentity("boot", 11, 7);
    ProcessIdentity otherBoot = new ProcessIdentity("before", 11, 1100);
    assertEquals(Standing.FOLLOWED, target.standing(before, Optional.empty()));
    assertEquals(Standing.FOLLOWED, target.standing(otherBoot, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "{worker: A}; is not the name of a worker",
        "{instance: images}; is not a slot of a worker",
        "{instance: images.1, worker: images}; keep one",
        "{instance: images.1, every: true}; keep one",
        "{pid: 1}; is not a known key",
      },
      delimiter = ';')
  void whatIsWrongIsSaid(String with, String words) {
    String wrong = Trial.wrong(new StopWorker(), with);
    assertTrue(wrong.contains(words), wrong);
  }
}
