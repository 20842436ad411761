package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.job.Catalog.Column;
import io.selfheal.job.Catalog.Place;
import io.selfheal.job.Catalog.Privilege;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FitnessTest {
  private static final TableName JOBS = new TableName("app", "jobs");
  private static final TableName READY = new TableName("app", "ready");
  private static final TableName NUMBERS = new TableName("app", "ready_id_seq");
  private static final Need READ = Need.table(JOBS).reads("id", "state");

  @Test
  void nothingIsWrongWithWhatIsThereAndOpen() {
    Need all = READ.writes("state").inserts().deletes();
    assertEquals(Optional.empty(), Fitness.of(JOBS, open(), List.of(all)));
  }

  @Test
  void rowsThatMayNotBeAddedOrDeletedAreSaidWithTheGrants() {
    Catalog readOnly = catalog(EnumSet.of(Privilege.SELECT, Privilege.UPDATE), false, List.of());
    assertEquals(Optional.empty(), Fitness.of(JOBS, readOnly, List.of(READ)));
    assertEquals(
        Optional.of(
            "the role agent lacks INSERT on app.jobs; run: GRANT INSERT ON \"app\".\"jobs\" TO"
                + " \"agent\""),
        Fitness.of(JOBS, readOnly, List.of(READ.inserts())));
    assertEquals(
        Optional.of(
            "the role agent lacks DELETE on app.jobs; run: GRANT DELETE ON \"app\".\"jobs\" TO"
                + " \"agent\""),
        Fitness.of(JOBS, readOnly, List.of(READ.deletes())));
  }

  @Test
  void aSequenceMattersOnlyWhereRowsAreAdded() {
    Catalog closed = catalog(EnumSet.allOf(Privilege.class), false, List.of(NUMBERS));
    assertEquals(Optional.empty(), Fitness.of(JOBS, closed, List.of(READ.deletes())));
    assertEquals(
        Optional.of(
            "the role agent lacks USAGE on the sequence app.ready_id_seq; run: GRANT USAGE ON"
                + " SEQUENCE \"app\".\"ready_id_seq\" TO \"agent\""),
        Fitness.of(JOBS, closed, List.of(READ.inserts())));
  }

  @Test
  void rowSecurityThatHidesRowsIsSaid() {
    Catalog hidden = catalog(EnumSet.allOf(Privilege.class), true, List.of());
    assertEquals(
        Optional.of(
            "row security hides rows of app.jobs from the role agent; let the agent connect as the"
                + " owner, or run: ALTER ROLE \"agent\" BYPASSRLS"),
        Fitness.of(JOBS, hidden, List.of(READ)));
  }

  @Test
  void whatIsWrongWithSeveralTablesIsSaidTogether() {
    Catalog noneThere =
        open()
            .with(
                Map.of(
                    READY,
                    Catalog.missing(
                        new Place("shop", List.of(new TableName("old", "ready"))), "agent", true)));
    List<Need> needs = List.of(READ.reads("holder"), Need.table(READY).reads("id").inserts());
    assertEquals(
        Optional.of(
            "app.jobs has no column holder; it has: id, state: this version of the library is not"
                + " known; let its own migrations bring the table up to date; the table app.ready"
                + " does not exist in the database shop, where there is old.ready; another database is"
                + " named by the source's key database; it is looked for again"),
        Fitness.of(JOBS, noneThere, needs));
  }

  private static Catalog open() {
    return catalog(EnumSet.allOf(Privilege.class), false, List.of());
  }

  private static Catalog catalog(
      Set<Privilege> privileges, boolean rowSecurity, List<TableName> closedSequences) {
    Column column = new Column("text", "text", "S", List.of(), false, false, true, true);
    return new Catalog(
        "r",
        new Place("shop", List.of()),
        "agent",
        true,
        Map.of("id", column, "state", column),
        List.of(),
        List.of(),
        List.of(),
        privileges,
        rowSecurity,
        closedSequences,
        Map.of());
  }
}
