package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesPageTest {
  private static final String RULE =
      """
      {"name":"low_disk","version":"0a1b2c3d","symptom":"low_disk","severity":"warning",
       "mode":"act","lasting_ms":30000,"clear_ms":10000,"ladder":["clear_cache","notify"],
       "verify_within_ms":120000,
       "guardrails":{"cooldown_ms":60000,"most":5,"within_ms":3600000,"backoff":2,"share":0.5,
         "keep_last":true,"after":["database_sick"],"maintenance":["0 2 * * 0 (UTC) for 1 h"],
         "approval_expires_ms":3600000,"debt":10},
       "problem":null,
       "subjects":[
         {"subject":"disk/a","presence":"present","seen":true,"there_ms":31000,"gone_ms":0,
          "evidence":"93 % used","values":{},"at":"2026-03-01T03:12:04Z"},
         {"subject":"disk/b","presence":"absent","seen":false,"there_ms":0,"gone_ms":0,
          "evidence":"10 % used","values":{},"at":"2026-03-01T03:12:04Z"},
         {"subject":"disk/c","presence":"present","seen":false,"there_ms":500,"gone_ms":0,
          "evidence":"91 % used","values":{},"at":"2026-03-01T03:12:04Z"}]}""";

  private static final String BLIND =
      """
      {"name":"sums","symptom":"corrupt_file","mode":"observe","subjects":[],
       "problem":"/srv/SUMS: no such file"}""";

  private static JsonNode json(String text) throws JsonProcessingException {
    return Json.mapper().readTree(text);
  }

  @Test
  void eachRuleWithItsSubjectsAndWhatIsSeenNow() throws JsonProcessingException {
    assertEquals(
        """
        RULE      SYMPTOM       MODE     SUBJECTS                     PROBLEM
        low_disk  low_disk      act      1 seen, 1 present, 1 absent  -
        sums      corrupt_file  observe  none yet                     /srv/SUMS: no such file

        SEEN NOW
          low_disk, disk/a: 93 % used
        """,
        RulesPage.of(json("{\"rules\":[" + RULE + "," + BLIND + "]}")));
    assertEquals(
        "There is no rule; see conf/rules.yaml for how to write one.\n",
        RulesPage.of(json("{\"rules\":[]}")));
  }

  @Test
  void oneRuleInTheWordsOfItsFile() throws JsonProcessingException {
    assertEquals(
        """
        rule           low_disk
        version        0a1b2c3d
        symptom        low_disk
        severity       warning
        mode           act
        for            30.0 s
        clear_for      10.0 s
        ladder         clear_cache -> notify
        verify_within  2 min
        guardrails     cooldown 60.0 s, at most 5 within 60 min, backoff 2, at most 50.0 % of a worker at once
                       10 heals of a subject a day, an approval is waited for 60 min, the last process of a worker is kept
                       after database_sick
                       only observes at 0 2 * * 0 (UTC) for 1 h

        SUBJECT  STATE    FOR     READ AT       EVIDENCE
        disk/a   seen     31.0 s  03:12:04.000  93 % used
        disk/b   absent   -       03:12:04.000  10 % used
        disk/c   present  500 ms  03:12:04.000  91 % used
        """,
        RulePage.of(json(RULE), ZoneOffset.UTC));
  }

  @Test
  void aRuleThatSeesNothingSaysWhy() throws JsonProcessingException {
    List<String> lines = RulePage.of(json(BLIND), ZoneOffset.UTC).lines().toList();
    assertEquals("problem        /srv/SUMS: no such file", lines.get(lines.size() - 3));
    assertEquals("No subject was read yet.", lines.getLast());
  }

  @Test
  void aTrialTellsHowOftenItWouldHaveActedAndWhatWasOverByItself() throws JsonProcessingException {
    String tried =
        """
        {"rule":"low_disk","version":"0a1b2c3d","facts":812,"from":"2026-03-01T00:00:00Z",
         "to":"2026-03-02T00:00:00Z","complete":false,"gap":"the time for a trial ran out",
         "more":0,"recovered":1,"problem":null,"occasions":[
          {"subject":"disk/a","at":"2026-03-01T03:12:04Z","evidence":"93 % used",
           "cleared":"2026-03-01T03:13:04Z","remedy":null},
          {"subject":"disk/a","at":"2026-03-01T05:00:00Z","evidence":"94 % used",
           "cleared":"2026-03-01T05:00:30Z","remedy":"clear_cache"},
          {"subject":"disk/b","at":"2026-03-01T06:00:00Z","evidence":"99 % used",
           "cleared":null,"remedy":null},
          {"subject":"disk/c","at":"2026-03-01T07:00:00Z","evidence":"98 % used",
           "cleared":null,"remedy":"notify"}]}""";
    assertEquals(
        """
        low_disk, version 0a1b2c3d, over 812 stored facts from 2026-03-01 00:00:00 Z to 2026-03-02 00:00:00 Z:
          it would have acted 4 times, guardrails aside; 1 of these recovered by themselves in time
          (the time for a trial ran out)

        AT                     SUBJECT  OVER AFTER  HOW                 EVIDENCE
        2026-03-01 03:12:04 Z  disk/a   60.0 s      by itself           93 % used
        2026-03-01 05:00:00 Z  disk/a   30.0 s      after clear_cache   94 % used
        2026-03-01 06:00:00 Z  disk/b   -           not over            99 % used
        2026-03-01 07:00:00 Z  disk/c   -           not over by notify  98 % used
        """,
        TrialPage.of(json(tried), ZoneOffset.UTC));
  }

  @Test
  void aTrialThatCannotBeSaysWhy() throws JsonProcessingException {
    assertEquals(
        "sums cannot be tried: it looks by itself\n",
        TrialPage.of(
            json("{\"rule\":\"sums\",\"problem\":\"it looks by itself\"}"), ZoneOffset.UTC));
  }

  @Test
  void incidentsNewestFirstWithTheNextPage() throws JsonProcessingException {
    String page =
        """
        {"incidents":[{"id":"0190-7","opened_at":"2026-03-01T03:12:04Z","state":"closed",
          "closed_at":"2026-03-01T03:12:06Z","rule":"low_disk","summary":"disk/a is full",
          "caused_by":null},{"id":"0190-6","opened_at":"2026-03-01T03:12:03Z","state":"healing",
          "closed_at":null,"rule":"lost_worker","summary":"w.1 died","caused_by":"0190-5"}],
         "next":"0190-7"}""";
    assertEquals(
        """
        INCIDENT  OPENED                 STATE    TOOK   RULE         CAUSED BY  SUMMARY
        0190-7    2026-03-01 03:12:04 Z  closed   2.0 s  low_disk     -          disk/a is full
        0190-6    2026-03-01 03:12:03 Z  healing  -      lost_worker  0190-5     w.1 died
        More: incidents --cursor 0190-7
        """,
        IncidentsPage.of(json(page), ZoneOffset.UTC));
    assertTrue(
        IncidentsPage.of(json(page.replace("closed\"", "waiting\"")), ZoneOffset.UTC)
            .endsWith("waits for a person: approve INCIDENT, or reject INCIDENT\n"));
    assertEquals(
        "There is no such incident.\n",
        IncidentsPage.of(json("{\"incidents\":[],\"next\":null}"), ZoneOffset.UTC));
  }
}
