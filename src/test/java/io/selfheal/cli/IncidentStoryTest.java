package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IncidentStoryTest {
  private static final String INCIDENT =
      """
      {"id":"0190-7","symptom":"worker.lost","subject":"worker/images.1","agent":"a",
       "rule":"worker-lost","rule_version":1,"state":"%s","summary":"images.1 is gone",
       "opened_at":"2026-03-01T03:12:04Z","closed_at":%s,"result":%s,
       "timeline":[
         {"at":"2026-03-01T03:12:04Z","kind":"seen","text":"images.1 is gone"},
         {"at":"2026-03-01T03:12:06.250Z","kind":"verified","text":"no job is stuck"}],
       "guardrails":[
         {"at":"2026-03-01T03:12:04Z","name":"pause","remedy":"requeue_jobs","allowed":true,
          "reason":"healing is not paused"},
         {"at":"2026-03-01T03:12:04Z","name":"owner","remedy":"restart_worker","allowed":false,
          "reason":"nobody told how"}],
       "steps":[
         {"remedy":"requeue_jobs","target":"images","state":"ended","attempt":1,
          "started_at":"2026-03-01T03:12:04.007Z","ended_at":"2026-03-01T03:12:04.127Z",
          "outcome":"done","detail":"1 job requeued"},
         {"remedy":"restart_worker","target":"images.1","state":"planned","attempt":1,
          "started_at":null,"ended_at":null,"outcome":null,"detail":null}]}""";

  private static final String RESCUED =
      """
      {"type":"job.rescued","time":"2026-03-01T03:12:04.1Z","data":{"source":"images",
       "job_id":"17","effect":"requeue","reason":"its holder is gone",
       "verdict":{"ruling":"dead","evidence":["no process 7 on this host"]}}}""";

  private static final String LEFT =
      """
      {"type":"job.left","time":"2026-03-01T03:12:05Z","data":{"source":"images","job_id":"18",
       "reason":"slow but alive","verdict":{"ruling":"alive","evidence":["process 8 runs"]}}}""";

  private static String story(String all) throws JsonProcessingException {
    JsonNode read = Json.mapper().readTree(all);
    return IncidentStory.of(read, ZoneOffset.UTC);
  }

  @Test
  void anIncidentIsToldFromWhatWasSeenToItsEnd() throws JsonProcessingException {
    String over =
        INCIDENT.formatted("closed", "\"2026-03-01T03:12:06.5Z\"", "\"healed: 1 job requeued\"");
    assertEquals(
        """
        images.1 is gone
          Incident 0190-7 of agent a, opened 2026-03-01 03:12:04 Z: closed

        WHAT WAS SEEN
          worker.lost of worker/images.1
          - ended by signal 9

        RULE
          worker-lost, version 1

        GUARDRAILS
          pause before requeue_jobs: allowed: healing is not paused
          owner before restart_worker: NOT ALLOWED: nobody told how

        STEPS
          1. requeue_jobs on images, attempt 1: done after 120 ms: 1 job requeued
          2. restart_worker on images.1, attempt 1: planned

        JOBS
          images/17  requeue: its holder is gone
              its holder is dead, because:
              - no process 7 on this host

        JOBS LEFT ALONE MEANWHILE
          images/18  left alone: slow but alive
              its holder is alive, because:
              - process 8 runs

        WHAT HAPPENED
          03:12:04.000  +0 ms     seen       images.1 is gone
          03:12:06.250  +2.3 s    verified   no job is stuck

        HOW LONG
          until the first step  7 ms
          the steps             120 ms
          verification          2.1 s
          all of it             2.5 s

        VERIFIED
          no job is stuck

        HOW IT ENDED
          03:12:06.500: healed: 1 job requeued
        """,
        story(
            "{\"incident\":%s,\"cause\":{\"evidence\":\"ended by signal 9\"},\"events\":[%s],"
                    .formatted(over, RESCUED)
                + "\"left\":[%s],\"complete\":true}".formatted(LEFT)));
  }

  @Test
  void whatIsNotKnownIsSaid() throws JsonProcessingException {
    String open =
        story(
            "{\"incident\":%s,\"cause\":{},\"events\":[],\"left\":[],\"complete\":false}"
                .formatted(INCIDENT.formatted("healing", "null", "null")));
    assertTrue(open.contains("JOBS\n  none was changed\n  (the journal may have more"), open);
    assertTrue(open.contains("  all of it             -\n"), open);
    assertTrue(open.endsWith("HOW IT ENDED\n  it is still open\n"), open);
    assertTrue(
        story(
                "{\"incident\":%s,\"cause\":{}}"
                    .formatted(INCIDENT.formatted("waiting", "null", "null")))
            .endsWith("not yet: it waits for a person; see: agent.sh approve, or reject\n"));
  }

  @Test
  void ofStuckJobsTheCauseShowsEachWithItsEvidence() throws JsonProcessingException {
    String cause =
        """
        {"source":"images","count":1,"examples":[{"source":"images","job_id":"17","holder":"h:7",
         "age_ms":4200,"silence_ms":null,"attempts":2,"effect":"requeue",
         "reason":"its holder is gone",
         "verdict":{"ruling":"dead","evidence":["no process 7 on this host"]}}]}""";
    String told =
        story(
            "{\"incident\":%s,\"cause\":%s,\"events\":[],\"left\":[]}"
                .formatted(INCIDENT.formatted("healing", "null", "null"), cause));
    assertTrue(told.contains("images/17  held by h:7, dead  ->  requeue"), told);
    assertTrue(told.contains("- no process 7 on this host"), told);
  }

  @Test
  void anIncidentOfARuleTellsTheNumbersTheAnswerAndTheOutputOfEachStep()
      throws JsonProcessingException {
    String incident =
        """
        {"id":"0190-8","symptom":"low_disk","subject":"disk/a","agent":"a","rule":"low_disk",
         "rule_version":"0a1b2c3d","state":"closed","summary":"disk/a is 93 % full",
         "opened_at":"2026-03-01T03:00:00Z","closed_at":"2026-03-01T03:06:10Z",
         "result":"healed by clear_cache",
         "timeline":[
           {"at":"2026-03-01T03:00:00Z","kind":"asked","text":"may clear_cache start?"},
           {"at":"2026-03-01T03:05:00Z","kind":"approved","text":"by ann: yes"},
           {"at":"2026-03-01T03:05:02Z","kind":"output","text":"removed x\\nremoved y"},
           {"at":"2026-03-01T03:05:30Z","kind":"sampled","text":"70 % used"},
           {"at":"2026-03-01T03:06:10Z","kind":"verified","text":"below 85 % for 30 s"}],
         "guardrails":[],
         "steps":[
           {"remedy":"clear_cache","target":"disk/a","state":"ended","attempt":1,
            "started_at":"2026-03-01T03:05:00Z","ended_at":"2026-03-01T03:05:02Z",
            "outcome":"done","detail":"2 files, 3 GiB"},
           {"remedy":"notify","target":"disk/a","state":"planned","attempt":1,
            "started_at":null,"ended_at":null,"outcome":null,"detail":null}]}""";
    String cause =
        """
        {"rule":"low_disk","summary":"disk/a is 93 % full","lasted_ms":30000,
         "values":{"used_share":0.931,"free_bytes":3221225472,"inodes_free":12,"growth_rate":0.25}}""";
    String told =
        story(
            "{\"incident\":%s,\"cause\":%s,\"events\":[],\"left\":[],\"complete\":true}"
                .formatted(incident, cause));
    assertEquals(
        """
        disk/a is 93 % full
          Incident 0190-8 of agent a, opened 2026-03-01 03:00:00 Z: closed

        WHAT WAS SEEN
          low_disk of disk/a
          - disk/a is 93 % full
          - free_bytes: 3.0 GiB
          - growth_rate: 0.2500
          - inodes_free: 12
          - used_share: 93.1 %
          - it had held for 30.0 s when it counted

        RULE
          low_disk, version 0a1b2c3d

        GUARDRAILS
          none was asked

        STEPS
          1. clear_cache on disk/a, attempt 1: done after 2.0 s: 2 files, 3 GiB
               | removed x
               | removed y
          2. notify on disk/a, attempt 1: planned

        JOBS
          none was changed

        WHAT HAPPENED
          03:00:00.000  +0 ms     asked      may clear_cache start?
          03:05:00.000  +5 min    approved   by ann: yes
          03:05:30.000  +6 min    sampled    70 % used
          03:06:10.000  +6 min    verified   below 85 % for 30 s

        HOW LONG
          waiting for a person  5 min
          until the first step  5 min
          the steps             2.0 s
          verification          68.0 s
          all of it             6 min

        VERIFIED
          below 85 % for 30 s

        HOW IT ENDED
          03:06:10.000: healed by clear_cache
        """,
        told);
  }

  @Test
  void aJobIsToldWithEveryDecisionAndHowItIsNow() throws JsonProcessingException {
    String events =
        RESCUED.replace("{\"type\"", "{\"incident_id\":\"0190-7\",\"type\"") + "," + LEFT;
    String all =
        "{\"job\":\"images/17\",\"events\":[%s],\"now\":%s,\"problem\":%s,"
            + "\"known\":true,\"complete\":%s}";
    assertEquals(
        """
        Job images/17

        WHAT WAS DECIDED
          2026-03-01 03:12:04 Z  in incident 0190-7  requeue: its holder is gone
              its holder is dead, because:
              - no process 7 on this host
          2026-03-01 03:12:05 Z  left alone: slow but alive
              its holder is alive, because:
              - process 8 runs

        NOW
          not running: it is over, or waits
        """,
        job(all.formatted(events, "null", "null", "true")));
    String many =
        "{\"type\":\"job.decided\",\"time\":\"2026-03-01T03:12:04Z\",\"data\":"
            + "{\"source\":\"images\",\"decisions\":[%s,%s]}}"
                .formatted(together("gone", "\"17\",\"18\""), together("too old", "\"1\",\"170\""));
    String among = job(all.formatted(many, "null", "null", "true"));
    assertTrue(among.contains("  2026-03-01 03:12:04 Z  requeue: gone\n"), among);
    assertTrue(among.contains("      - of gone\n"), among);
    assertFalse(among.contains("too old"), among);
    String unknown = job(all.formatted("", "null", "\"no such source\"", "false"));
    assertTrue(unknown.contains("  nothing: the journal has no decision on it\n"), unknown);
    assertTrue(unknown.contains("  (the journal may have more)\n"), unknown);
    assertTrue(unknown.endsWith("NOW\n  not known: no such source\n"), unknown);
  }

  private static String together(String reason, String ids) {
    return "{\"effect\":\"requeue\",\"reason\":\"%1$s\",\"job_ids\":[%2$s],".formatted(reason, ids)
        + "\"verdict\":{\"ruling\":\"dead\",\"evidence\":[\"of %s\"]}}".formatted(reason);
  }

  @Test
  void ofAJobThatNobodyHasSeenNothingIsClaimed() throws JsonProcessingException {
    String all =
        """
        {"job":"boss/x","events":[],"now":null,"problem":null,"known":false,"complete":true,
         "example":%s}
        """;
    assertEquals(
        """
        Job boss/x

        WHAT WAS DECIDED
          nothing: the journal has no decision on it

        NOW
          nothing is known of a job with this id: no running row has it, and nothing was decided on it; it is over, waits, or there is no such job
          an id of this source looks like ["thumb", "57d6"]; its last part alone will do: 57d6
        """,
        job(all.formatted("\"[\\\"thumb\\\", \\\"57d6\\\"]\"")));
    assertTrue(job(all.formatted("null")).endsWith("there is no such job\n"));
  }

  private static String job(String all) throws JsonProcessingException {
    return JobStory.of(Json.mapper().readTree(all), ZoneOffset.UTC);
  }
}
