package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JobRequests.Swept;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Rows whose change takes so long that the database ends the statement. A trigger stands for the
 * slowness: it has its own session's statement canceled, as the time limit would, when too many
 * rows are changed in one.
 */
class SlowRowsTest {
  /** The name of a setting that counts, for the transaction alone. */
  private static final String TRIGGER =
      """
      CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN
        n := coalesce(nullif(current_setting('slow.n', true), ''), '0')::int + 1;
        PERFORM set_config('slow.n', n::text, true);
        IF n > %d OR OLD.id > %d THEN
          PERFORM nextval('ends');
          PERFORM pg_cancel_backend(pg_backend_pid());
          PERFORM pg_sleep(20);
        END IF;
        RETURN NEW; END $$""";

  private static Rig slow(Rig rig, int most, int last) {
    return rig.sql("CREATE SEQUENCE ends")
        .sql(TRIGGER.formatted(most, last))
        .sql("CREATE TRIGGER slow BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION slow()");
  }

  private static long ends(Rig rig) {
    return Long.parseLong(
        rig.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ends"));
  }

  @Test
  void fewerAtOnceAreTriedAndRemembered() {
    try (Rig rig = new Rig()) {
      slow(rig.table().running(600, "now()", "here:1"), 20, 1_000_000).deploy();
      Swept swept = rig.sweep();
      assertTrue(swept.problems().isEmpty(), swept.problems().toString());
      assertEquals(600, swept.rescued());
      assertEquals("600", rig.value("SELECT count(*) FROM jobs WHERE state = 'ready'"));
      long ends = ends(rig);
      assertTrue(ends > 0 && ends < 40, "statements that were ended: " + ends);
    }
  }

  @Test
  void oneThatIsSlowAloneKeepsNoOtherAndIsTriedLessAndLess() {
    try (Rig rig = new Rig()) {
      slow(rig.table().running(30, "now()", "here:1"), 1_000_000, 29).deploy();
      Swept swept = rig.sweep();
      assertEquals(29, swept.rescued());
      String problem = String.valueOf(swept.problems().get("images"));
      assertTrue(
          problem.contains("the rows are large, or a trigger of the table is slow"), problem);
      long before = ends(rig);
      for (int i = 0; i < 60; i++) {
        rig.pass(Duration.ofMinutes(1));
        rig.sweep();
      }
      // After 1, 2, 4 minutes, and then every 8.
      assertTrue(ends(rig) - before <= 10, "tried again: " + (ends(rig) - before));
      rig.sql("DROP TRIGGER slow ON jobs");
      rig.pass(Duration.ofMinutes(8));
      assertEquals(1, rig.sweep().rescued());
    }
  }

  @Test
  void whereAllAreSlowNotAllAreTried() {
    try (Rig rig = new Rig()) {
      slow(rig.table().running(600, "now()", "here:1"), 1_000_000, 0).deploy();
      assertEquals(0, rig.sweep().rescued());
      long ends = ends(rig);
      assertTrue(ends < 10, "statements that were ended: " + ends);
      rig.sweep();
      assertEquals(ends, ends(rig), "not again at once");
    }
  }
}
