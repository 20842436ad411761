package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that are set to another zone than UTC, and workers whose clocks are wrong. */
class ZonesTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  private Rig table(String zone, String type) {
    rig.table().sql("ALTER TABLE jobs ALTER COLUMN started TYPE " + type);
    String database = rig.value("SELECT current_database()");
    return rig.sql("ALTER DATABASE \"" + database + "\" SET timezone TO '" + zone + "'");
  }

  /** What now() is in a column without zone, in such a database. */
  private static String now(String zone) {
    return "now() AT TIME ZONE '" + zone + "'";
  }

  private void isRescuedWhenSeenForLongEnough() {
    rig.pass(Duration.ofMinutes(29));
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(1, rig.sweep().rescued(), "the agent has seen it for long enough");
    rig.tick();
    assertNull(rig.source().held());
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/New_York", "Asia/Tokyo"})
  void aFreshJobIsNotOldByItsZone(String zone) {
    table(zone, "timestamp").deploy();
    rig.tick().running(1, now(zone), "there:907").tick();
    assertEquals(0, rig.sweep().rescued(), "it was seen to be taken just now");
    String told = Objects.requireNonNull(rig.source().held());
    assertTrue(told.contains("column started is "), told);
    isRescuedWhenSeenForLongEnough();
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/New_York", "Asia/Tokyo"})
  void whatRanBeforeTheAgentIsNotOldByItsZone(String zone) {
    table(zone, "timestamp").running(1, now(zone), "there:907").deploy();
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(30));
    assertEquals(1, rig.sweep().rescued());
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/New_York", "Asia/Tokyo"})
  void aTimeWithZoneIsTrueAtOnce(String zone) {
    table(zone, "timestamptz");
    rig.running(1, "now() - interval '31 minutes'", "there:907")
        .running(1, "now() - interval '29 minutes'", "there:907")
        .deploy();
    assertEquals(1, rig.sweep().rescued(), "an old job is rescued right after the agent's start");
    assertNull(rig.source().held());
  }

  @ParameterizedTest
  @ValueSource(strings = {"now() - interval '1 hour'", "now() + interval '1 hour'"})
  void aWorkersClockThatIsWrongTakesNoJobAway(String started) {
    rig.table().deploy();
    rig.tick().running(1, started, "there:907").tick();
    assertEquals(0, rig.sweep().rescued());
    assertTrue(Objects.requireNonNull(rig.source().held()).contains("column started is "));
    rig.pass(Duration.ofMinutes(30));
    assertEquals(1, rig.sweep().rescued());
  }

  /** Without holders nothing but the age decides, so it must be true all the more. */
  private void deployNameless() {
    rig.deployWith(
        "table: jobs",
        "columns: {id: id, state: state, started: started, heartbeat: heartbeat}",
        Rig.STATES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"now() - interval '1 hour'", "now() + interval '1 hour'"})
  void aWorkersClockThatIsWrongTakesNoJobAwayThatNamesNoHolder(String started) {
    rig.table();
    deployNameless();
    rig.tick().running(1, started, "");
    assertTrue(rig.stuck(9).jobs().isEmpty(), "nobody is told that it would be rescued");
    assertEquals(0, rig.tick().sweep().rescued());
    assertTrue(Objects.requireNonNull(rig.source().held()).contains("column started is "));
    isRescuedWhenSeenForLongEnough();
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/New_York", "Asia/Tokyo"})
  void whatRanBeforeTheAgentAndNamesNoHolderIsNotOldByItsZone(String zone) {
    table(zone, "timestamp").running(1, now(zone), "");
    deployNameless();
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(30));
    assertEquals(1, rig.sweep().rescued());
  }

  @Test
  void anOldJobThatNamesNoHolderIsRescuedAtOnce() {
    rig.table()
        .running(1, "now() - interval '31 minutes'", "")
        .running(1, "now() - interval '29 minutes'", "");
    deployNameless();
    assertEquals(1, rig.sweep().rescued(), "right after the agent's start");
    rig.pass(Duration.ofMinutes(1));
    rig.sql("UPDATE jobs SET started = started - interval '1 minute' WHERE state = 'running'");
    assertEquals(0, rig.sweep().rescued(), "this claim is new");
    assertNull(rig.source().held());
  }

  @Test
  void aHeartbeatThatMovesKeepsAJobThatNamesNoHolderHoweverFarBehindItsClockIs() {
    rig.table();
    deployNameless();
    rig.tick().running(1, "now()", "");
    for (int beat = 0; beat < 4; beat++) {
      rig.tick().sql("UPDATE jobs SET heartbeat = now() - interval '1 hour', started = NULL");
      assertEquals(0, rig.sweep().rescued());
      rig.pass(Duration.ofMinutes(20));
    }
    rig.pass(Duration.ofMinutes(9));
    assertEquals(0, rig.sweep().rescued());
    rig.pass(Duration.ofMinutes(1));
    assertEquals(1, rig.sweep().rescued(), "now it is silent");
  }
}
