package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.library.Outcomes;
import java.time.Instant;
import java.util.List;

/** pg-boss: its rows name nobody, so a job is stuck when nobody lives who could have it. */
final class PgBossCase {
  private static final String ACTIVE =
      "SELECT data ->> 'name' FROM pgboss.job WHERE state = 'active' ORDER BY 1";

  private static final String ENDED =
      "SELECT name || ' ' || attempt FROM ended WHERE name LIKE '%s' ORDER BY 1";

  private final LibraryPremises here;

  PgBossCase(LibraryPremises here) {
    this.here = here;
  }

  /** The same befalls a worker of ours, and one of a queue that is left to the library's expiry. */
  void killed() throws Exception {
    Process ours = here.start(here.mails("hold", "mails"));
    Process twin = here.start(here.mails("hold", "twins"));
    here.told.awaitSeen("mails@" + ours.pid());
    here.call(
        """
        [["insert", "mails", [{"data": {"name": "mails again"}},
                              {"data": {"name": "mails last"}, "retryLimit": 0}]],
         ["insert", "twins", [{"data": {"name": "twins again"}},
                              {"data": {"name": "twins last"}, "retryLimit": 0}]]]""");
    for (String name : List.of("mails again", "mails last", "twins again", "twins last")) {
      here.awaitBegun(name, 0);
    }
    String from = here.text("SELECT now()");
    Instant killed = Instant.now();
    LibraryPremises.kill(ours.pid());
    LibraryPremises.kill(twin.pid());
    here.await("only the twins are held", ACTIVE, "twins again", "twins last");
    here.execute(
        "UPDATE pgboss.job SET started_on = started_on - interval '1 day' WHERE state = 'active'");
    here.call("[[\"supervise\"]]");
    here.await("they expire", ACTIVE);
    same(from);
    JsonNode told = here.told.rescued("boss", id("mails again"));
    here.told.took("pg-boss", killed, told);
    here.told.explains(
        told, "requeue", "no process of mails lives; the last that could have taken it");
    here.told.explains(
        here.told.rescued("boss", id("mails last")), "dead_letter", "mails@" + ours.pid());
    here.start(here.mails("work", "mails,twins"));
    here.await("both end", ENDED.formatted("% again"), "mails again 1", "twins again 1");
    here.await(
        "they are complete", "SELECT count(*) FROM pgboss.job WHERE state < 'completed'", "2");
    same(from);
  }

  private String id(String name) throws Exception {
    String id = "SELECT json_build_array(name, id) FROM pgboss.job WHERE name = 'mails' AND ";
    return here.text(id + "data ->> 'name' = '" + name + "'");
  }

  private void same(String from) throws Exception {
    List<String> all = here.texts(Outcomes.ofPgBoss(from, here.text("SELECT now()")));
    List<String> ours = all.stream().filter(row -> row.contains("mails")).toList();
    List<String> twins = all.stream().filter(row -> row.contains("twins")).toList();
    assertEquals(3, ours.size(), "one of them was copied to the dead letters");
    assertEquals(String.join("\n", twins).replace("twins", "mails"), String.join("\n", ours));
  }

  /** Slow ones, one of two that dies, and a frozen one. */
  void alive() throws Exception {
    Process one = here.start(here.mails("hold", "mails"));
    Process other = here.start(here.mails("hold", "mails"));
    here.told.awaitSeen("mails@" + one.pid());
    here.told.awaitSeen("mails@" + other.pid());
    send("boss first");
    long first = here.awaitBegun("boss first", 0);
    send("boss second");
    long second = here.awaitBegun("boss second", 0);
    assertNotEquals(first, second);
    for (String name : List.of("boss first", "boss second")) {
      here.told.awaitLeft("boss", id(name), "alive", "slow but alive: ");
    }
    LibraryPremises.kill(first);
    String ended = "mails@%d lives and could hold it; mails@%d, which could, too, ended";
    here.told.awaitLeft("boss", id("boss first"), "unknown", ended.formatted(second, first));
    here.told.sweepsNothing("boss");
    here.go("boss second");
    here.await("the slow one ends", ENDED.formatted("boss %"), "boss second 0");
    send("boss third");
    assertEquals(second, here.awaitBegun("boss third", 0));
    here.await("both are held", ACTIVE, "boss first", "boss third");
    Instant frozen = Instant.now();
    LibraryPremises.freeze(second);
    here.await("they wait for a retry", ACTIVE);
    for (String name : List.of("boss first", "boss third")) {
      JsonNode told = here.told.rescued("boss", id(name));
      here.told.goneBefore("mails@" + second, told);
      here.told.took("pg-boss, frozen", frozen, told);
    }
    here.start(here.mails("work", "mails"));
    here.await(
        "all end", ENDED.formatted("boss %"), "boss first 1", "boss second 0", "boss third 1");
  }

  private void send(String name) throws Exception {
    here.call("[[\"send\", \"mails\", {\"name\": \"" + name + "\"}]]");
  }
}
