package io.selfheal.heal;

import static io.selfheal.heal.Guarded.NOON;
import static io.selfheal.heal.Guarded.guards;
import static io.selfheal.heal.Guarded.minutes;
import static io.selfheal.heal.Guarded.rule;
import static io.selfheal.heal.Guarded.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.heal.History.Open;
import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Ask;
import io.selfheal.heal.Ruling.Observe;
import io.selfheal.heal.Ruling.Refuse;
import io.selfheal.heal.Ruling.Wait;
import io.selfheal.message.HealRequests.Switch;
import io.selfheal.message.Incident.State;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
  @Test
  void withNothingAgainstItEachGuardrailIsAskedAndSaysSo() {
    List<Checked> all = new Guarded().all(NOON);
    assertEquals(
        List.of(
            "pause",
            "mode",
            "maintenance",
            "debt",
            "most",
            "keep_last",
            "after",
            "storm",
            "starvation",
            "cooldown",
            "share",
            "remedies_per_minute",
            "approval"),
        all.stream().map(Checked::guardrail).toList());
    all.forEach(one -> assertInstanceOf(Allowed.class, one.ruling()));
    all.forEach(one -> assertTrue(one.ruling().reason().length() > 5, one::toString));
    assertInstanceOf(Allowed.class, Checks.sum(all));
  }

  @Test
  void theStrictestCounts() {
    Ruling allowed = new Allowed("");
    Ruling ask = new Ask("");
    Ruling wait = new Wait(5L, "");
    Ruling refuse = new Refuse("");
    Ruling observe = new Observe("");
    List<Ruling> mildFirst = List.of(allowed, ask, wait, refuse, observe);
    for (Ruling one : mildFirst) {
      for (Ruling other : mildFirst) {
        Ruling stricter = mildFirst.indexOf(one) < mildFirst.indexOf(other) ? other : one;
        assertEquals(stricter, sum(one, other));
      }
    }
  }

  @Test
  void ofWaitsTheLongestCountsAndOneWithoutAnEndOnlyAlone() {
    Ruling soon = new Wait(Long.MAX_VALUE - 1, "soon");
    // The forward clock may run over: later is what lies ahead of the other.
    Ruling later = new Wait(Long.MIN_VALUE + 1, "later");
    Ruling open = new Wait(null, "open");
    assertEquals(later, sum(soon, open, later));
    assertEquals(later, sum(later, soon));
    assertEquals(open, sum(new Allowed(""), open));
  }

  private static Ruling sum(Ruling... rulings) {
    return Checks.sum(List.of(rulings).stream().map(one -> new Checked("x", one)).toList());
  }

  @Test
  void thePauseSwitchHoldsUntilItIsOver() {
    Guarded guarded = new Guarded();
    guarded.pause = new Switch(true, "deploy", NOON.wall(), null);
    assertEquals("Wait: paused until it is resumed by deploy", guarded.said("pause", minutes(999)));
    guarded.pause = new Switch(true, "deploy", NOON.wall(), minutes(10).wall());
    assertEquals(
        "Wait: paused until 2026-01-01T12:10:00Z by deploy", guarded.said("pause", seconds(599)));
    assertEquals("Allowed: healing is not paused", guarded.said("pause", seconds(600)));
  }

  @Test
  void aRuleThatObservesDoesNothingWhateverElseIsSaid() {
    Guarded guarded = new Guarded(rule("mode: observe, guardrails: { most: 0 }"));
    guarded.pause = new Switch(true, "deploy", NOON.wall(), null);
    assertEquals("Observe: the rule only observes", Guarded.said(guarded.sum(NOON)));
  }

  @Test
  void inMaintenanceARuleObserves() {
    Guarded guarded =
        new Guarded(guards("maintenance: [{ cron: '0 12 * * *', lasts: 30m, zone: UTC }]"));
    assertInstanceOf(Allowed.class, guarded.ruling("maintenance", seconds(-1)));
    assertEquals(
        "Observe: maintenance \"0 12 * * *\" (UTC) since 2026-01-01T12:00:00Z, for 30 min 0 s",
        guarded.said("maintenance", minutes(29)));
    assertInstanceOf(Allowed.class, guarded.ruling("maintenance", minutes(30)));
  }

  @Test
  void approvalIsAskedForWaitedForAndLapses() {
    Guarded guarded = new Guarded(rule("mode: approve, guardrails: { approval_expires: 30m }"));
    assertEquals("Ask: the rule asks a person before each remedy", Guarded.said(guarded.sum(NOON)));
    guarded.consent = new Consent.Asked(NOON);
    assertEquals(
        "Ask: asked at 2026-01-01T12:00:00Z; waited for up to 30 min 0 s",
        guarded.said("approval", minutes(29)));
    assertEquals(
        "Refuse: nobody answered within 30 min 0 s; asked at 2026-01-01T12:00:00Z",
        Guarded.said(guarded.sum(minutes(30))));
    guarded.consent = new Consent.Approved("ann", NOON);
    assertEquals(
        "Allowed: approved by ann at 2026-01-01T12:00:00Z", guarded.said("approval", minutes(29)));
    assertEquals(
        "Ask: approved by ann at 2026-01-01T12:00:00Z, more than 30 min 0 s ago: it is asked anew",
        guarded.said("approval", minutes(30)));
    guarded.consent = new Consent.Rejected("ann", NOON);
    assertEquals(
        "Refuse: rejected by ann at 2026-01-01T12:00:00Z", guarded.said("approval", minutes(1)));
  }

  @Test
  void nobodyIsAskedWhileSomethingElseHoldsIt() {
    Guarded guarded = new Guarded(rule("mode: approve")).started(0);
    assertInstanceOf(Wait.class, guarded.sum(seconds(30)));
    assertInstanceOf(Ask.class, guarded.sum(seconds(60)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, Wait",
    "0.99, Wait",
    "1, Allowed",
    "5, Allowed",
  })
  void aCooldownIsCountedFromTheLastStart(double minutes, String ruling) {
    Guarded guarded = new Guarded(guards("cooldown: 1m")).started(0);
    assertEquals(ruling, guarded.sum(minutes(minutes)).getClass().getSimpleName());
  }

  @Test
  void theCooldownGrowsWithEachStartInARowUpToThePeriod() {
    Guarded guarded = new Guarded(guards("cooldown: 1m, within: 10m, backoff: 3, most: 1000"));
    double start = 0;
    for (double pause : List.of(1.0, 3.0, 9.0, 10.0, 10.0)) {
      guarded.started(start);
      Wait wait = assertInstanceOf(Wait.class, guarded.ruling("cooldown", minutes(start + 0.1)));
      assertEquals(minutes(start + pause).mark(), wait.until());
      assertInstanceOf(Wait.class, guarded.ruling("cooldown", minutes(start + pause - 0.01)));
      assertInstanceOf(Allowed.class, guarded.ruling("cooldown", minutes(start + pause)));
      start += pause;
    }
    assertEquals(
        "Wait: the last start was restart_worker at 2026-01-01T12:23:00Z; after 5 in a row the pause"
            + " is 10 min 0 s",
        guarded.said("cooldown", minutes(24)));
  }

  @Test
  void aHealthyHourResetsItAndTheWaitIsNoPartOfThatHour() {
    Guarded guarded = new Guarded(guards("cooldown: 30m, within: 7d, backoff: 2")).started(0, 30);
    // After two in a row the pause is an hour, and the hour after it is the healthy one.
    assertEquals(2, streak(guarded, 149.9));
    assertEquals(0, streak(guarded, 150));
    assertEquals(3, streak(guarded.started(149.9), 150));
  }

  private static int streak(Guarded guarded, double minutes) {
    return Cooldown.streak(
            guarded.history.starts("a", Guarded.SUBJECT), guarded.rule.guards(), minutes(minutes))
        .size();
  }

  @Test
  void aCooldownLongerThanAnHourIsKept() {
    Guarded guarded = new Guarded(guards("cooldown: 2h, within: 1h")).started(0);
    assertInstanceOf(Wait.class, guarded.sum(minutes(119)));
    assertInstanceOf(Allowed.class, guarded.sum(minutes(120)));
  }

  @Test
  void aThousandStartsInARowOfTheLongestCooldownCanBeCounted() {
    Guarded guarded = new Guarded(guards("cooldown: 7d, within: 7d, backoff: 10"));
    assertEquals(Duration.ofDays(7), Cooldown.pause(1000, guarded.rule.guards()));
    assertEquals(Duration.ZERO, Cooldown.pause(1000, guards("cooldown: 0s").guards()));
    assertEquals(
        Duration.ofMinutes(1), Cooldown.pause(1000, guards("cooldown: 1m, backoff: 1").guards()));
  }

  @Test
  void otherSubjectsAndOtherRulesHaveTheirOwnCooldown() {
    Guarded guarded = new Guarded(guards("cooldown: 1h, most: 1")).started(0);
    guarded.rule = Guarded.rules("mode: act", "guardrails: { cooldown: 1h }").all().get(1);
    assertInstanceOf(Allowed.class, guarded.sum(minutes(1)));
  }

  @Test
  void afterTheMostWithinThePeriodAPersonHasIt() {
    Guarded guarded = new Guarded(guards("cooldown: 0s, most: 2, within: 10m")).started(0);
    assertEquals("Allowed: remedy 2 of 2 within 10 min 0 s", guarded.said("most", minutes(1)));
    guarded.started(1);
    assertEquals(
        "Refuse: 2 remedies were started within 10 min 0 s, the first at 2026-01-01T12:00:00Z; the"
            + " most is 2",
        Guarded.said(guarded.sum(minutes(9.9))));
    assertInstanceOf(Allowed.class, guarded.sum(minutes(10)));
    guarded.rule = guards("most: 0");
    assertEquals("Refuse: the rule may start no remedy: most is 0", guarded.said("most", NOON));
  }

  @Test
  void allRulesTogetherHaveARate() {
    Guarded guarded = new Guarded();
    guarded.limits = new io.selfheal.rule.Limits(2, 10, Duration.ofSeconds(10));
    guarded.history = start(start(guarded.history, "b", 0), "c", 20);
    Wait wait = assertInstanceOf(Wait.class, guarded.ruling("remedies_per_minute", seconds(30)));
    assertEquals(seconds(60).mark(), wait.until());
    assertEquals("2 of 2 remedies within a minute, of all rules together", wait.reason());
    assertInstanceOf(Allowed.class, guarded.sum(seconds(60)));
  }

  private static History start(History history, String rule, double seconds) {
    return history.started(rule, "host", new History.Start("notify", seconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource({
    // share, running, healing, ruling: always one, never more than the share
    "0.5, 10, 0, Allowed",
    "0.5, 6, 4, Allowed",
    "0.5, 5, 5, Wait",
    "0.5, 2, 0, Allowed",
    "0.5, 1, 1, Wait",
    "0.5, 3, 0, Allowed",
    "0.5, 2, 1, Wait",
    "0, 20, 0, Allowed",
    "0, 19, 1, Wait",
    "1, 1, 19, Allowed",
    "0.25, 0, 0, Allowed",
    "0.25, , 0, Allowed",
    "0.25, , 1, Wait",
    "1, , 1, Wait"
  })
  void onlyAShareOfAWorkerIsHealedAtOnce(
      double share, Integer running, int healing, String ruling) {
    Guarded guarded = new Guarded(guards("share: " + share));
    guarded.crew = crew(running, healing, true);
    assertEquals(ruling, guarded.ruling("share", NOON).getClass().getSimpleName());
    guarded.remedy = "clear_cache";
    assertInstanceOf(Allowed.class, guarded.ruling("share", NOON));
  }

  private static Crew crew(Integer running, int healing, boolean subjectRuns) {
    OptionalInt known = running == null ? OptionalInt.empty() : OptionalInt.of(running);
    return new Crew("images", known, healing, subjectRuns);
  }

  @Test
  void aShareSaysHowManyThereAre() {
    Guarded guarded = new Guarded();
    guarded.crew = crew(3, 2, true);
    assertEquals(
        "Wait: 2 of 5 processes of images are in remedies, at most 2 may be",
        guarded.said("share", NOON));
    guarded.crew = crew(null, 1, true);
    assertEquals(
        "Wait: 1 of an unknown number of processes of images are in remedies, at most 1 may be",
        guarded.said("share", NOON));
  }

  @ParameterizedTest
  @CsvSource({
    // running, healing, whether the subject runs, ruling
    "2, 0, true, Allowed",
    "1, 0, true, Refuse",
    "1, 1, true, Wait",
    "1, 0, false, Allowed",
    "0, 0, false, Allowed",
    ", 0, true, Wait"
  })
  void theLastOneIsLeftRunningWhereItIsSaid(
      Integer running, int healing, boolean subjectRuns, String ruling) {
    Guarded guarded = new Guarded(guards("keep_last: true"));
    guarded.crew = crew(running, healing, subjectRuns);
    assertEquals(ruling, guarded.ruling("keep_last", NOON).getClass().getSimpleName());
    guarded.rule = guards("keep_last: false");
    assertInstanceOf(Allowed.class, guarded.ruling("keep_last", NOON));
  }

  @Test
  void aCauseIsHealedBeforeItsConsequence() {
    Guarded guarded = new Guarded();
    guarded.rule =
        Guarded.rules("guardrails: { after: [c, b] }", "mode: act", "mode: act").all().getFirst();
    assertInstanceOf(Allowed.class, guarded.ruling("after", NOON));
    guarded.history =
        guarded
            .history
            .standing(new Open("id-of-itself", "a", Guarded.SUBJECT, State.HEALING))
            .standing(new Open("id-of-b", "b", "host", State.HEALING))
            .standing(new Open("id-of-c", "c", "database", State.ESCALATED));
    assertEquals(
        "Wait: its cause is healed first: c on database (incident id-of-c, which a person has)",
        guarded.said("after", NOON));
    guarded.history = guarded.history.over("id-of-c");
    assertEquals(
        "Wait: its cause is healed first: b on host (incident id-of-b)",
        guarded.said("after", NOON));
    guarded.history = guarded.history.over("id-of-b");
    assertEquals("Allowed: no open incident of c, b", guarded.said("after", NOON));
  }

  @Test
  void manySubjectsAtOnceAreAStormAndOneManyTimesIsNot() {
    Guarded guarded = new Guarded();
    guarded.limits = new io.selfheal.rule.Limits(10, 3, Duration.ofSeconds(10));
    for (int i = 0; i < 50; i++) {
      guarded.history = guarded.history.appeared("host", seconds(i / 50.0));
    }
    guarded.history = guarded.history.appeared("database", seconds(4));
    assertInstanceOf(Allowed.class, guarded.ruling("storm", seconds(5)));
    guarded.history = guarded.history.appeared("worker/images.1", seconds(5));
    Wait wait = assertInstanceOf(Wait.class, guarded.ruling("storm", seconds(5)));
    assertEquals(seconds(10.98).mark(), wait.until());
    assertEquals(
        "3 subjects fell sick within 10.0 s (images.1, database, host): rather one cause, or the"
            + " agent that does not see well, than so many faults",
        wait.reason());
    assertInstanceOf(Allowed.class, guarded.ruling("storm", seconds(11)));
  }

  @ParameterizedTest
  @CsvSource({
    "worker_unresponsive, restart_worker, Wait",
    "worker_unresponsive, stop_worker, Wait",
    "worker_unresponsive, drain_worker, Wait",
    "worker_unresponsive, scale_worker, Wait",
    "worker_unresponsive, run_command, Wait",
    "worker_unresponsive, one_of_a_plugin, Wait",
    "worker_unresponsive, throttle_worker, Allowed",
    "worker_unresponsive, clear_cache, Allowed",
    "worker_unresponsive, requeue_jobs, Allowed",
    "worker_unresponsive, notify, Allowed",
    "database_sick, restart_worker, Wait",
    "worker_lost, restart_worker, Allowed",
    "memory_pressure, restart_worker, Allowed"
  })
  void whileStarvedNothingIsEndedForBeingSlow(String symptom, String remedy, String ruling) {
    Guarded guarded = new Guarded(rule("symptom: " + symptom));
    guarded.remedy = remedy;
    assertInstanceOf(Allowed.class, guarded.ruling("starvation", NOON));
    guarded.starved = "the agent's own tick came 1500 ms late";
    assertEquals(ruling, guarded.ruling("starvation", NOON).getClass().getSimpleName());
    assertTrue(guarded.ruling("starvation", NOON).reason().contains("1500 ms late"));
  }

  @Test
  void whatComesBackEachTimeIsLeftToAPerson() {
    Guarded guarded = new Guarded(guards("debt: 2"));
    guarded.history = guarded.history.healed("a", Guarded.SUBJECT, NOON);
    assertEquals("Allowed: healed 1 of 2 times within a day", guarded.said("debt", minutes(1)));
    guarded.history = guarded.history.healed("a", Guarded.SUBJECT, minutes(90));
    assertEquals(
        "Refuse: healed 2 times within a day, the most is 2, and it came back each time (healed at"
            + " 2026-01-01T12:00:00Z, 2026-01-01T13:30:00Z)",
        Guarded.said(guarded.sum(minutes(24 * 60 - 1))));
    assertInstanceOf(Allowed.class, guarded.sum(minutes(24 * 60)));
  }

  @Test
  void aLongListOfHealsIsCutShort() {
    Guarded guarded = new Guarded(guards("debt: 12"));
    for (int i = 0; i < 12; i++) {
      guarded.history = guarded.history.healed("a", Guarded.SUBJECT, minutes(i));
    }
    String said = guarded.said("debt", minutes(20));
    assertTrue(said.contains("(healed at 2026-01-01T12:02:00Z, "), said);
    assertTrue(said.endsWith(", 2026-01-01T12:11:00Z, and 2 earlier)"), said);
  }
}
