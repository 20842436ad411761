package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.selfheal.json.Json;
import org.junit.jupiter.api.Test;

class DeadLettersPageTest {
  @Test
  void aLetterIsToldWithTheDeathsThatAreTheReason() throws JsonProcessingException {
    String answer =
        """
        {"dead_letters":[{"id":"4","source":"images","job_id":"17","effect":"fail",
          "reason":"its holder is gone; its workers died on it twice","state":"added",
          "at":"2026-01-31T12:00:00Z","reasons":[
            {"points":1,"attempts":1,"at":"2026-01-31T11:00:00Z","evidence":["no process 7"]},
            {"points":2,"attempts":2,"at":"2026-01-31T12:00:00Z","evidence":["gone","no memory"]}
          ]}],"next":"4"}""";
    assertEquals(
        """
        ID  JOB        AT                    STATE  EFFECT  DEATHS
        4   images/17  2026-01-31T12:00:00Z  added  fail    2

        4: its holder is gone; its workers died on it twice
            2026-01-31T11:00:00Z; no process 7
            2026-01-31T12:00:00Z; gone; no memory
        More: dead-letters list --cursor 4
        """,
        DeadLettersPage.of(Json.mapper().readTree(answer)));
    assertEquals(
        """
        There is no dead letter: no job was put aside because its workers died on it.
        Jobs without an attempt left are where their library has failed ones; why SOURCE/JOB tells of each.
        """,
        DeadLettersPage.of(Json.mapper().readTree("{\"dead_letters\":[],\"next\":null}")));
  }
}
