package io.selfheal.heal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.Effect.Act;
import io.selfheal.heal.Effect.LookAtJobs;
import io.selfheal.message.Event;
import io.selfheal.message.Incident.State;
import io.selfheal.message.JobRequests.Hindrance;
import io.selfheal.message.JobRequests.Swept;
import io.selfheal.message.JobRequests.Unswept;
import io.selfheal.message.WorkerRequests.Liveness;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that cannot be swept, while an incident has jobs to requeue. */
class UnsweptTest {
  private static final Unswept ANYBODYS_UNFIT = new Unswept(false, Hindrance.UNFIT);
  private static final Unswept ANYBODYS_AWAY = new Unswept(false, Hindrance.AWAY);
  private static final Unswept GONE = new Unswept(true, Hindrance.GONE);
  private static final String MISSING = "the table public.mails does not exist";
  private static final String REMOVED = "no source is named \"images\"; there is: mails";

  /** Two jobs were rescued, but one source was not swept. */
  private static Swept partly(Unswept one, String why) {
    Swept good = Scene.swept(false, "1", "2");
    return new Swept(false, 1, 10, 2, good.jobs(), 0, Map.of("mails", why), Map.of("mails", one));
  }

  /** The sweep answers, and the step takes it as it does at work. */
  private static Play answered(Play play, Swept swept) {
    Act act = play.act(RequeueJobs.NAME);
    play.wanted.remove(act);
    return play.with(new Input.Acted(act.step(), ending(act.question(), swept))).settle();
  }

  private static <R> Ending ending(Question<?, R> question, Swept swept) {
    return question.reading().apply(question.request().reply().cast(swept));
  }

  private static String result(Play play) {
    return String.valueOf(play.now.incident().result());
  }

  /** The new process runs for long enough; then the jobs are looked at. */
  private static Play well(Play play, long pid) {
    Input running = new Input.WorkersSeen(Scene.workers(pid, Liveness.RUNNING));
    return play.workers(running).tick(play.config.verifyFor()).workers(running);
  }

  @Test
  void aSourceOfNobodyThatNeverFitHoldsUpNoWorker() {
    Play play = Play.open(Scene.lost(4711)).settle().restarted(4712);
    answered(play, partly(ANYBODYS_UNFIT, MISSING));
    assertEquals(State.VERIFYING, play.state());
    well(play, 4712)
        .jobs(new Input.JobsSeen(Scene.unswept(true, "mails", ANYBODYS_UNFIT, MISSING)));
    assertEquals(State.CLOSED, play.state());
    assertTrue(
        result(play).contains("2 jobs requeued; not swept: mails: " + MISSING), result(play));
    assertTrue(
        play.now.incident().timeline().stream()
            .anyMatch(
                entry ->
                    entry.kind().equals("verified")
                        && entry.text().endsWith("not looked at: mails: " + MISSING)),
        () -> "" + play.now.incident().timeline());
  }

  @Test
  void anUnrelatedBrokenSourceAmongOthersIsNotSaidInTheIncident() {
    Unswept unrelated = new Unswept(false, false, Hindrance.UNFIT);
    Play play = Play.open(Scene.lost(4711)).settle().restarted(4712);
    answered(play, partly(unrelated, MISSING));
    well(play, 4712).jobs(new Input.JobsSeen(Scene.unswept(true, "mails", unrelated, MISSING)));
    assertEquals(State.CLOSED, play.state());
    assertTrue(result(play).contains("2 jobs requeued"), result(play));
    assertFalse(result(play).contains("mails"), result(play));
    assertFalse(play.now.incident().timeline().toString().contains("mails"));
  }

  @Test
  void aFrozenWorkerIsHealedToo() {
    Play play = Play.open(Scene.frozen(4711)).settle().stopped(4711).restarted(4712);
    answered(play, partly(ANYBODYS_UNFIT, MISSING));
    well(play, 4712)
        .jobs(new Input.JobsSeen(Scene.unswept(true, "mails", ANYBODYS_UNFIT, MISSING)));
    assertEquals(State.CLOSED, play.state());
  }

  @Test
  void aSourceOfNobodyThatIsAwayIsAwaitedForAMoment() {
    Play play = Play.open(Scene.lost(4711)).settle().restarted(4712);
    for (int i = 0; i < Patience.FEW; i++) {
      answered(play, partly(ANYBODYS_AWAY, "away"));
      assertEquals(State.HEALING, play.state());
      play.tick(Duration.ofSeconds(5));
    }
    answered(play, partly(ANYBODYS_AWAY, "away"));
    assertEquals(State.VERIFYING, play.state());
    Input still = new Input.JobsSeen(Scene.unswept(true, "mails", ANYBODYS_AWAY, "away"));
    well(play, 4712).jobs(still);
    for (int i = 0; i < Patience.FEW; i++) {
      assertEquals(State.VERIFYING, play.state());
      play.tick(Duration.ofSeconds(5)).jobs(still);
    }
    assertEquals(State.CLOSED, play.state());
    assertTrue(result(play).contains("not swept: mails: away"), result(play));
  }

  @Test
  void theWorkersOwnSourceIsAwaited() {
    Unswept own = new Unswept(true, Hindrance.AWAY);
    Play play = Play.open(Scene.lost(4711)).settle().restarted(4712);
    for (int i = 0; i < 100; i++) {
      answered(play, partly(own, "away"));
      assertEquals(State.HEALING, play.state());
      play.tick(Duration.ofSeconds(5));
    }
    answered(play, Scene.swept(false, "3"));
    assertEquals(State.VERIFYING, play.state());
  }

  /** However long that has been: within a second after it is free, and as the first attempt. */
  @Test
  void jobsWhoseRowsAreLockedAreTriedAgainEachSecondAndCountAsNoAttempt() {
    Unswept locked = new Unswept(true, Hindrance.LOCKED);
    Play play = Play.open(Scene.stuck("1")).settle();
    for (int tries = 0; tries < 100; tries++) {
      answered(play, Scene.unswept(false, "images", locked, "locked by pid 7"));
      assertEquals(State.HEALING, play.state());
      assertFalse(play.acts().contains(RequeueJobs.NAME), "not at once");
      play.tick(Duration.ofSeconds(1));
    }
    answered(play, Scene.swept(false, "1"));
    play.jobs(new Input.JobsSeen(Scene.swept(true)));
    assertEquals(State.CLOSED, play.state());
    assertEquals(1, play.now.incident().steps().size());
    assertEquals(
        1,
        play.now.incident().timeline().stream()
            .filter(entry -> entry.text().equals("requeue_jobs: images: locked by pid 7"))
            .count());
  }

  /** Somebody has forgotten a transaction: a person has to end it, and reads which. */
  @Test
  void rowsThatStayLockedAreLeftToAPersonAfterTwelveMinutes() {
    Unswept locked = new Unswept(true, Hindrance.LOCKED);
    Play play = Play.open(Scene.stuck("1")).settle();
    Duration open = Duration.ZERO;
    while (!play.now.over()) {
      answered(play, Scene.unswept(false, "images", locked, "locked by pid 7"));
      play.tick(Duration.ofSeconds(1));
      open = open.plusSeconds(1);
    }
    assertEquals(State.ESCALATED, play.state());
    assertTrue(result(play).contains("locked by pid 7; given up after 720 tries"), result(play));
    assertEquals(12, open.toMinutes());
  }

  @Test
  void aSourceThatWasRemovedEndsItsIncident() throws IOException {
    Play before = Play.open(Scene.stuck("1")).settle();
    Play play = Play.takeUp(before.now.incident(), before).settle();
    answered(play, Scene.unswept(false, "images", GONE, REMOVED));
    assertEquals(State.ESCALATED, play.state());
    assertEquals("requeue_jobs: images: " + REMOVED, result(play));
  }

  @Test
  void aSourceThatWasRemovedSinceItWasSweptEndsItsIncident() {
    Play play = Play.open(Scene.stuck("1")).settle().requeued();
    play.jobs(new Input.JobsSeen(Scene.unswept(true, "images", GONE, REMOVED)));
    assertEquals(State.ESCALATED, play.state());
    assertTrue(result(play).contains(REMOVED), result(play));
  }

  static Stream<Swept> hindrances() {
    return Stream.of(Hindrance.values())
        .flatMap(
            one -> Stream.of(true, false).map(bound -> partly(new Unswept(bound, one), "as ever")));
  }

  /** Whatever stands in the way, and though it never passes. */
  @ParameterizedTest
  @MethodSource("hindrances")
  void noIncidentIsHealedForEver(Swept answer) {
    for (Event cause : List.of(Scene.lost(4711), Scene.stuck("1"))) {
      Play play = Play.open(cause).settle();
      if (play.acts().contains(RestartWorker.NAME)) {
        play.restarted(4712);
      }
      for (int i = 0; i < 3 * Patience.MANY && !play.now.over(); i++) {
        answerAll(play, answer);
        play.tick(Duration.ofSeconds(5)).settle();
      }
      assertTrue(play.now.over(), () -> "" + play.now);
      assertTrue(result(play).contains("mails: as ever"), result(play));
    }
  }

  private static void answerAll(Play play, Swept answer) {
    if (play.acts().contains(RequeueJobs.NAME)) {
      answered(play, answer);
    }
    if (play.wants(Effect.LookAtWorkers.class)) {
      play.workers(new Input.WorkersSeen(Scene.workers(4712, Liveness.RUNNING)));
    }
    if (play.wants(LookAtJobs.class)) {
      Swept look = new Swept(true, 1, 1, 0, List.of(), 0, answer.problems(), answer.unswept());
      play.jobs(new Input.JobsSeen(look));
    }
  }

  @Test
  void nobodyWhoAnswersIsNotAwaitedForEver() {
    Play play = Play.open(Scene.stuck("1")).settle();
    for (int i = 0; i < Patience.MANY; i++) {
      silent(play);
      assertFalse(play.now.over());
      play.tick(Duration.ofSeconds(5));
    }
    silent(play);
    assertEquals(State.ESCALATED, play.state());
  }

  private static void silent(Play play) {
    Act act = play.act(RequeueJobs.NAME);
    play.wanted.remove(act);
    Ending ending = act.question().silence().apply(new IllegalStateException("too slow"));
    play.with(new Input.Acted(act.step(), ending)).settle();
  }
}
