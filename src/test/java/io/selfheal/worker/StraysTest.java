package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.worker.Strays.Ancestor;
import io.selfheal.worker.Strays.Seen;
import io.selfheal.worker.Strays.Suspect;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The process that ended is pid 50, started 100 s ago and ended 10 s ago. */
final class StraysTest {
  private static final Seen INIT = seen(1, 0, 1, 9_000, "", null);
  private static final ProcessIdentity GONE = process(50, 100);

  private static ProcessIdentity process(long pid, long startedAgo) {
    return new ProcessIdentity("boot", pid, 10_000 - startedAgo);
  }

  private static Seen seen(
      long pid, long parent, long session, long age, String group, @Nullable Marks marks) {
    ProcStat stat = new ProcStat(pid, "x", 'S', parent, session, 0, 1, 10_000 - age, 0, 0);
    return new Seen(stat, Duration.ofSeconds(age), group, marks);
  }

  private static List<String> strays(Kin kin, Set<ProcessIdentity> watched, Seen... table) {
    Fallen fallen = new Fallen("images", "images@50", GONE, 0, kin);
    Ancestor ended = new Ancestor(fallen, Duration.ofSeconds(100), Duration.ofSeconds(10));
    return Strays.of(List.of(table))
        .of(
            new Suspect(
                "images",
                List.of(ended),
                Set.of(process(70, 60)),
                watched,
                "/var/lib/selfheal",
                Set.of("/v")),
            "boot");
  }

  private static int count(Kin kin, Seen... table) {
    return strays(kin, Set.of(process(60, 5)), table).size();
  }

  @Test
  void whatStartedInItsOwnSessionIsItsDescendant() {
    Kin own = new Kin(50, "");
    assertEquals(
        List.of(
            "pid 51 (x) lives and may work on the job: it is in the session of images@50, which"
                + " ended 10 s ago"),
        strays(own, Set.of(), INIT, seen(51, 1, 50, 90, "", null)));
    assertEquals(1, count(own, seen(51, 1, 50, 5, "", null)));
    assertEquals(0, count(own, seen(51, 1, 51, 90, "", null)));
    // Another process has that pid now, and the session by that name is its own.
    assertEquals(0, count(own, seen(50, 1, 50, 8, "", null), seen(51, 50, 50, 5, "", null)));
  }

  @Test
  void inASharedSessionOnlyWhatStartedInItsLifetimeMayBe() {
    Kin shared = new Kin(40, "");
    assertEquals(0, count(shared, seen(40, 1, 40, 500, "", null)));
    assertEquals(1, count(shared, seen(51, 1, 40, 90, "", null)));
    assertEquals(0, count(shared, seen(51, 1, 40, 9, "", null)));
    assertEquals(0, count(Kin.NONE, seen(2, 0, 0, 90, "", null)));
  }

  @Test
  void inAControlGroupLikewise() {
    Kin unit = new Kin(50, "/system.slice/w.service");
    assertEquals(1, count(unit, seen(51, 1, 51, 90, "/system.slice/w.service", null)));
    assertEquals(0, count(unit, seen(60, 1, 60, 5, "/system.slice/w.service", null)));
    assertEquals(0, count(unit, seen(51, 1, 51, 90, "/system.slice/v.service", null)));
    assertEquals(1, count(unit, seen(51, 1, 51, 900, "/v", null)));
    assertEquals(0, count(new Kin(50, ""), seen(51, 1, 51, 90, "", null)));
  }

  @Test
  void whatAWatchedProcessStartedBelongsToThatOne() {
    Kin unit = new Kin(50, "/w");
    Seen watched = seen(60, 1, 60, 5, "/w", null);
    assertEquals(0, count(unit, watched, seen(61, 60, 50, 4, "/w", null)));
    assertEquals(
        0, count(unit, watched, seen(61, 60, 50, 4, "", null), seen(62, 61, 50, 3, "", null)));
  }

  @Test
  void marksAndWhatWasLetGo() {
    Marks ours = new Marks("images", "images.2", "/var/lib/selfheal");
    assertEquals(1, count(Kin.NONE, seen(51, 1, 51, 3, "", ours)));
    assertEquals(
        0, count(Kin.NONE, seen(51, 1, 51, 3, "", new Marks("images", "images.2", "/other"))));
    assertEquals(
        0, count(Kin.NONE, seen(51, 1, 51, 3, "", new Marks("v", "v.1", "/var/lib/selfheal"))));
    assertEquals(1, count(Kin.NONE, seen(70, 1, 70, 60, "", null)));
    assertEquals(0, count(Kin.NONE, seen(70, 1, 70, 59, "", null)));
  }

  @Test
  void whereTheFirstProcessIsHiddenOthersMayBe() {
    assertTrue(Strays.of(List.of(INIT)).complete());
    assertFalse(Strays.of(List.of(seen(2, 1, 2, 2, "", null))).complete());
  }

  @Test
  void aControlGroupThatIsSharedWithOthersSaysNothing() {
    List<String> agent = List.of("/", "/system.slice/selfheal.service");
    assertEquals("", Kin.group(List.of("/", "/system.slice/selfheal.service"), agent));
    assertEquals("", Kin.group(List.of("/user.slice/user-1000.slice/session-3.scope"), agent));
    assertEquals("", Kin.group(List.of(), agent));
    assertEquals("/docker/a", Kin.group(List.of("/docker/a", "/"), agent));
    assertEquals("/b", Kin.group(List.of("/a", "/b"), agent));
  }
}
