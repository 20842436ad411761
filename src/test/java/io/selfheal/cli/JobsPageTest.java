package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import org.junit.jupiter.api.Test;

class JobsPageTest {
  private static final String JOB =
      """
      {"source":"images","job_id":"17","holder":"h:7","age_ms":4200,"silence_ms":null,"attempts":2,
       "verdict":{"ruling":"dead","evidence":["no process 7 on this host"]},
       "effect":"requeue","reason":"its holder is gone"}""";

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }

  @Test
  void aStuckJobIsToldWithItsEvidence() throws JsonProcessingException {
    assertEquals(
        """
        images/17  held by h:7, dead  ->  next sweep: requeue
            its holder is gone (age 4.2 s, silent for -, attempt 2)
            - no process 7 on this host
        Not wholly read or swept: mails: no such table
        """,
        JobsPage.stuck(
            json("{\"jobs\":[" + JOB + "],\"problems\":{\"mails\":\"no such table\"}}")));
    assertEquals(
        "No job is stuck.\n", JobsPage.stuck(json("{\"sources\":1,\"jobs\":[],\"problems\":{}}")));
  }

  @Test
  void aSweepSaysWhatItDidAndADryOneWhatItWould() throws JsonProcessingException {
    String answer = "{\"dry_run\":%s,\"looked\":9,\"rescued\":3,\"jobs\":[" + JOB + "],\"more\":2}";
    assertEquals(
        """
        Rescued 3 of 9 running jobs that were looked at.
        images/17  held by h:7, dead  ->  requeue
            its holder is gone (age 4.2 s, silent for -, attempt 2)
            - no process 7 on this host
        ... and 2 more
        """,
        JobsPage.swept(json(answer.formatted("false"))));
    assertEquals(
        "Would rescue 3 of 9 running jobs that were looked at.",
        JobsPage.swept(json(answer.formatted("true"))).lines().findFirst().orElseThrow());
  }

  @Test
  void sourcesComeWithWhatIsToBeMended() throws JsonProcessingException {
    assertEquals(
        """
        SOURCE  PRESET  TABLE     JOBS                OLDEST RUNNING  RESCUED
        images  river   public.j  2 running, 7 ready  3 min           4
        mails   table   public.m  -                   -               0
        rails   solid   public.c  -                   -               0

        images holds rescues back: the database is slow
        images would be looked at more cheaply with: CREATE INDEX
        mails is not swept: the role a lacks UPDATE
        mails is only looked at: stuck jobs of its library are told, and cannot be rescued
        rails leaves jobs that kill their workers claimed: the role a lacks INSERT
        """,
        JobsPage.sources(
            json(
                """
                [{"name":"images","preset":"river","table":"public.j","rescued":4,
                  "counts":{"running":2,"ready":7},"oldest_running_ms":180000,
                  "advice":"CREATE INDEX","problem":null,"held":"the database is slow"},
                 {"name":"mails","preset":"table","table":"public.m","rescued":0,"counts":null,
                  "oldest_running_ms":null,"advice":null,"only_looked_at":true,
                  "problem":"the role a lacks UPDATE"},
                 {"name":"rails","preset":"solid","table":"public.c","rescued":0,
                  "lacking":"the role a lacks INSERT"}]""")));
    assertEquals(
        """
        SOURCE  PRESET   TABLE       JOBS  OLDEST RUNNING  RESCUED
        mails   pg-boss  pgboss.job  -     -               0

        mails would be looked at more cheaply with these, which lock nothing for long (for psql; not in one transaction):
        CREATE INDEX a;
        CREATE INDEX b;
        """,
        JobsPage.sources(
            json(
                """
                [{"name":"mails","preset":"pg-boss","table":"pgboss.job","rescued":0,
                  "advice":"CREATE INDEX a;\\nCREATE INDEX b;"}]""")));
    assertEquals("No source is configured.\n", JobsPage.sources(json("[]")));
    String none = "{\"sources\":0,\"looked\":0,\"rescued\":0,\"jobs\":[],\"problems\":{}}";
    assertEquals("No source is configured.\n", JobsPage.stuck(json(none)));
    assertEquals("No source is configured.\n", JobsPage.swept(json(none)));
  }
}
