package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.job.Blockade.Seen;
import io.selfheal.job.Judgement.Cause;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.TraceRequests.HolderProcess;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockadeTest {
  private static final ProcessIdentity OURS = new ProcessIdentity("boot", 10, 1);
  private static final ProcessIdentity OTHER = new ProcessIdentity("boot", 20, 1);
  private static final Client IMAGES = local("java", Set.of("images"), OURS, false);
  private static final Client MAILS = local("java", Set.of("mails"), OTHER, false);
  private static final Client POOLER = local("pgbouncer", Set.of("pooler"), OTHER, true);
  private static final Client PSQL = local("psql", Set.of(), OTHER, false);
  private static final Client TUNNEL = local("ssh", Set.of(), OTHER, true);
  private static final Client UNKNOWN = new Client.Unknown();
  private static final Client GONE = new Client.Gone();
  private static final Duration HOUR = Duration.ofHours(1);

  private static Client local(
      String name, Set<String> workers, ProcessIdentity process, boolean doubtful) {
    return new Client.Local(name, workers, Set.of(process), doubtful);
  }

  private static Judgement late(Ruling ruling) {
    Effect effect = ruling == Ruling.ALIVE ? Effect.LEAVE : Effect.REQUEUE;
    Cause cause =
        switch (ruling) {
          case DEAD -> Cause.HOLDER_DEAD;
          case ALIVE -> Cause.SLOW_BUT_ALIVE;
          case UNKNOWN -> Cause.SILENT_TOO_LONG;
        };
    Candidate job = new Candidate("1", "here:10", HOUR, null, 1L, "claim", null);
    return new Judgement(job, Verdict.of(ruling, "because"), effect, cause, "for a reason");
  }

  private static Seen seen(Client client, @Nullable Duration waits) {
    Session session = new Session(900, "app", "images", null, "UPDATE t\n SET a = 1");
    return new Seen(new LockWait(session, null, waits, Duration.ofMinutes(2)), client);
  }

  private static boolean blocked(
      @Nullable String worker,
      Ruling ruling,
      @Nullable ProcessIdentity holder,
      @Nullable Duration takenWithin,
      Seen seen) {
    Blockade blockade = new Blockade(worker, List.of(seen));
    return blockade.of(late(ruling), holder, takenWithin).isPresent();
  }

  private static boolean unknown(@Nullable String worker, Client client, int seconds) {
    return blocked(worker, Ruling.UNKNOWN, null, HOUR, seen(client, Duration.ofSeconds(seconds)));
  }

  @Test
  void aLivingHolderIsBlockedWhenItsOwnProcessWaits() {
    Seen ours = seen(IMAGES, Duration.ofSeconds(5));
    assertEquals(true, blocked("images", Ruling.ALIVE, OURS, null, ours));
    assertEquals(true, blocked(null, Ruling.ALIVE, OURS, Duration.ZERO, ours));
    assertEquals(false, blocked("images", Ruling.ALIVE, OTHER, null, ours));
    assertEquals(false, blocked("images", Ruling.ALIVE, null, null, ours));
    assertEquals(false, blocked("images", Ruling.ALIVE, OURS, null, seen(UNKNOWN, HOUR)));
    // A holder that is no watched worker's.
    assertEquals(true, blocked("images", Ruling.ALIVE, OTHER, null, seen(PSQL, HOUR)));
  }

  @Test
  void aDeadHolderNever() {
    for (Client client : List.of(IMAGES, MAILS, PSQL, UNKNOWN, GONE)) {
      assertEquals(false, blocked("images", Ruling.DEAD, OURS, null, seen(client, HOUR)));
    }
  }

  @Test
  void anUnknownHolderIsBlockedWhenOneWaitsThatMayBeItsWorkers() {
    assertEquals(true, unknown("images", IMAGES, 5));
    assertEquals(false, unknown("images", MAILS, 5));
    assertEquals(true, unknown("images", POOLER, 5));
    assertEquals(false, unknown("images", PSQL, 5));
    assertEquals(true, unknown("images", TUNNEL, 5));
    assertEquals(true, unknown("images", UNKNOWN, 5));
    assertEquals(false, unknown("images", GONE, 5));
  }

  @Test
  void withNoWorkerNamedAnybodyMayBeIt() {
    for (Client client : List.of(IMAGES, MAILS, POOLER, PSQL, TUNNEL, UNKNOWN)) {
      assertEquals(true, unknown(null, client, 5), client.toString());
    }
    assertEquals(false, unknown(null, GONE, 5));
  }

  @Test
  void aShortWaitExplainsNothing() {
    Duration second = Duration.ofSeconds(1);
    assertEquals(second, Blockade.enough(HOUR));
    assertEquals(Duration.ofMillis(500), Blockade.enough(second));
    assertEquals(false, seen(UNKNOWN, Duration.ofMillis(999)).lock().lasts(second));
    assertEquals(true, seen(UNKNOWN, second).lock().lasts(second));
    assertEquals(true, seen(UNKNOWN, null).lock().lasts(Duration.ofMinutes(2)));
    assertEquals(false, seen(UNKNOWN, null).lock().lasts(Duration.ofMinutes(3)));
    Session hidden = new Session(900, "app", null, null, null);
    assertEquals(true, new LockWait(hidden, null, null, null).lasts(HOUR));
  }

  @Test
  void aWaitThatBeganBeforeTheJobWasTakenIsNotItsUnlessTheWorkerIsBlocked() {
    assertEquals(true, unknown("images", UNKNOWN, 3600));
    assertEquals(false, unknown("images", UNKNOWN, 3601));
    assertEquals(false, unknown(null, PSQL, 3601));
    assertEquals(true, unknown("images", IMAGES, 3601));
    Duration day = Duration.ofDays(1);
    assertEquals(true, blocked("images", Ruling.UNKNOWN, null, null, seen(UNKNOWN, day)));
    assertEquals(true, blocked("images", Ruling.UNKNOWN, null, HOUR, seen(UNKNOWN, null)));
  }

  @Test
  void theWorkersOwnIsNamedBeforeOneThatMayBeIt() {
    Seen ours = seen(IMAGES, Duration.ofSeconds(5));
    Blockade blockade = new Blockade("images", List.of(seen(UNKNOWN, HOUR), ours));
    assertEquals(Optional.of(ours), blockade.of(late(Ruling.UNKNOWN), null, null));
  }

  private static Blocker blocker(int pid, String application) {
    Session session = new Session(pid, "alice", application, "127.0.0.1:4", "UPDATE t SET a = 2");
    return new Blocker(session, "idle in transaction", Duration.ofMinutes(3), HOUR);
  }

  @Test
  void thoseAreNamedThatDoNotWaitThemselves() {
    Blockers blockers =
        new Blockers(
            Set.of(1, 2, 3),
            Map.of(
                1, List.of(blocker(2, "b"), blocker(3, "c")),
                2, List.of(blocker(3, "c")),
                3, List.of(blocker(812, "psql"))));
    String psql =
        "pid 812 (psql, alice, 127.0.0.1:4, idle in transaction for 3 min): UPDATE t SET a = 2";
    assertEquals("blocked by " + psql, blockers.sentence(1));
    assertEquals("blocked by " + psql, blockers.sentence(3));
    assertEquals(
        "who blocks it is not known: SELECT pg_blocking_pids(7) tells", blockers.sentence(7));
    assertEquals(Set.of(), blockers.unknown(Set.of(1)));
    assertEquals(
        Set.of(2),
        new Blockers(Set.of(1, 2), Map.of(1, blockers.blockers().get(1))).unknown(Set.of(1)));
  }

  @Test
  void whoBlocksEachOtherIsNamedAllTheSame() {
    Blockers ring =
        new Blockers(
            Set.of(1, 2), Map.of(1, List.of(blocker(2, "b")), 2, List.of(blocker(1, "a"))));
    assertEquals(blocker(2, "b").sentence(), ring.sentence(1).substring("blocked by ".length()));
  }

  @Test
  void sentencesOfBlockers() {
    Session hidden = new Session(7, "alice", null, null, null);
    assertEquals(
        "pid 7 (alice, its doings are hidden from the agent's role)",
        new Blocker(hidden, null, null, null).sentence());
    Session shown = new Session(7, "al\u001b[2Jice", "x\ny", null, " SELECT\n\t1 ");
    assertEquals(
        "pid 7 (x y, al [2Jice, active, in its transaction for 1 h): SELECT 1",
        new Blocker(shown, "active", Duration.ofSeconds(1), HOUR).sentence());
    Session none = new Session(0, null, null, null, null);
    assertEquals(
        "a prepared transaction (see pg_prepared_xacts)",
        new Blocker(none, null, null, null).sentence());
    Session ended = new Session(7, null, null, null, null);
    assertEquals(
        "pid 7, which has ended meanwhile", new Blocker(ended, null, null, null).sentence());
  }

  private static final Waits SEEN = new Waits(List.of(), null, null, "agent", false);

  private static Judgement weighed(Ruling ruling, Client client, Waits waits) {
    Seen seen = seen(client, Duration.ofSeconds(12));
    Blockade blockade = new Blockade("images", List.of(seen));
    Blockers blockers = new Blockers(Set.of(900), Map.of(900, List.of(blocker(812, "psql"))));
    return Weighing.blocked(late(ruling), seen, blockade, blockers, waits);
  }

  @Test
  void whatAnOperatorReadsOfABlockedHolder() {
    Judgement judgement = weighed(Ruling.ALIVE, IMAGES, SEEN);
    String by =
        "blocked by pid 812 (psql, alice, 127.0.0.1:4, idle in transaction for 3 min):"
            + " UPDATE t SET a = 2";
    assertEquals(Effect.LEAVE, judgement.effect());
    assertEquals(Cause.BLOCKED, judgement.cause());
    assertEquals("blocked, not stuck: its holder waits for a lock, " + by, judgement.reason());
    assertEquals(Ruling.ALIVE, judgement.verdict().ruling());
    assertEquals(
        List.of(
            "because",
            "its holder has waited for a lock for 12 s (server's pid 900, images, app): UPDATE t"
                + " SET a = 1",
            by),
        judgement.verdict().evidence());
  }

  @Test
  void whatAnOperatorReadsOfOneThatMayBeBlocked() {
    Judgement judgement =
        weighed(Ruling.UNKNOWN, UNKNOWN, new Waits(List.of(), null, null, "agent", true));
    assertEquals(Effect.LEAVE, judgement.effect());
    assertEquals(Ruling.UNKNOWN, judgement.verdict().ruling());
    assertEquals(
        "may be blocked: a connection that may be its worker's waits for a lock, ",
        judgement.reason().substring(0, judgement.reason().indexOf("blocked by")));
    assertEquals(
        "what connections of other roles do is hidden from the role agent; run: GRANT"
            + " pg_read_all_stats TO \"agent\"",
        judgement.verdict().evidence().getLast());
  }

  /** What may be is evidence beside what is certain. */
  @Test
  void aJobThatIsLeftAnywayKeepsItsReason() {
    Judgement late = late(Ruling.UNKNOWN);
    Judgement left =
        new Judgement(
            late.job(), late.verdict(), Effect.LEAVE, Cause.NOTHING_PROVEN, "nothing is proven");
    Seen seen = seen(UNKNOWN, HOUR);
    Blockade blockade = new Blockade(null, List.of(seen));
    Judgement weighed =
        Weighing.blocked(left, seen, blockade, new Blockers(Set.of(), Map.of()), SEEN);
    assertEquals(Cause.NOTHING_PROVEN, weighed.cause());
    assertEquals("nothing is proven", weighed.reason());
    assertEquals(3, weighed.verdict().evidence().size());
  }

  @Test
  void withoutKnowledgeOfLocksAgeAloneRescuesNobody() {
    Judgement blind = Weighing.blind(late(Ruling.UNKNOWN), "the view is gone");
    assertEquals(Effect.LEAVE, blind.effect());
    assertEquals(Cause.LOCKS_NOT_KNOWN, blind.cause());
    assertEquals(List.of("because", "the view is gone"), blind.verdict().evidence());
    assertEquals(late(Ruling.DEAD), Weighing.blind(late(Ruling.DEAD), "the view is gone"));
    assertEquals(late(Ruling.ALIVE), Weighing.blind(late(Ruling.ALIVE), "the view is gone"));
  }

  @Test
  void movementIsEvidenceAndDecidesNothing() {
    for (Ruling ruling : List.of(Ruling.ALIVE, Ruling.UNKNOWN)) {
      Judgement late = late(ruling);
      Map<Candidate, HolderProcess> processes =
          Map.of(late.job(), new HolderProcess(OURS, "it spins"));
      Judgement moved = Weighing.moved(late, processes);
      assertEquals(List.of("because", "it spins"), moved.verdict().evidence());
      assertEquals(late.effect(), moved.effect());
      assertEquals(ruling, moved.verdict().ruling());
      assertEquals(late, Weighing.moved(late, Map.of()));
    }
  }
}
