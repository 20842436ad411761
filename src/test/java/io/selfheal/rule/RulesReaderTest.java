package io.selfheal.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Problem;
import io.selfheal.message.Severity;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesReaderTest {
  static final String WHOLE =
      """
      limits:
        remedies_per_minute: 3
        storm: { symptoms: 4, within: 20s }
      rules:
        - name: low_disk_of_models
          symptom: low_disk
          severity: critical
          where: { mount: /var/lib/models }
          enter: { used: 90% }
          leave: { used: 85% }
          for: 30s
          clear_for: 40s
          ladder:
            - remedy: clear_cache
              deadline: 5m
              with: { until: 80% }
            - remedy: notify
          verify_within: 2m
          mode: approve
          guardrails:
            cooldown: 5m
            most: 2
            within: 3h
            backoff: 3
            share: 25%
            keep_last: true
            after: [lost]
            maintenance: [{ cron: "0 2 * * sun", lasts: 2h, zone: Europe/Berlin }]
            approval_expires: 30m
            debt: 4
        - name: lost
          symptom: worker_lost
      """;

  private static String rule(String more) {
    return "rules:\n  - name: a\n    symptom: low_disk\n" + more.indent(4);
  }

  private static List<String> problems(String text) {
    return assertThrows(BadConfiguration.class, () -> Toys.read(text)).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private static String problem(String text) {
    List<String> all = problems(text);
    assertEquals(1, all.size(), () -> String.join("\n", all));
    return all.getFirst();
  }

  @Test
  void everyKeyIsRead() throws BadConfiguration {
    Rules rules = Toys.read(WHOLE);
    assertEquals("rules.yaml", rules.file());
    assertEquals(new Limits(3, 4, Duration.ofSeconds(20)), rules.limits());
    Rule rule = rules.named("low_disk_of_models").orElseThrow();
    assertEquals("low_disk", rule.symptom());
    assertEquals(Severity.CRITICAL, rule.severity());
    assertEquals(Duration.ofSeconds(30), rule.lasting());
    assertEquals(Duration.ofSeconds(40), rule.clear());
    assertEquals(Duration.ofMinutes(2), rule.verifyWithin());
    assertEquals(Mode.APPROVE, rule.mode());
    assertEquals(
        "clear_cache 5m, notify 1m",
        rule.ladder().stream()
            .map(rung -> rung.remedy() + " " + rung.deadline().toMinutes() + "m")
            .collect(Collectors.joining(", ")));
    Guards expected =
        new Guards(
            Duration.ofMinutes(5),
            2,
            Duration.ofHours(3),
            3,
            0.25,
            true,
            List.of("lost"),
            List.of(
                new Window(
                    Cron.parse("0 2 * * sun"), Duration.ofHours(2), ZoneId.of("Europe/Berlin"))),
            Duration.ofMinutes(30),
            4);
    assertEquals(expected, rule.guards());
  }

  @Test
  void theBuiltInRulesAreReadLikeOthers() throws BadConfiguration {
    Rules rules =
        Toys.read(
            """
            built_in:
              remedies_per_minute: 7
              lost_worker: { mode: approve, guardrails: { most: 3, within: 10m, after: [a] } }
              stuck_jobs: { mode: observe }
            rules: [{name: a, symptom: low_disk}]
            """);
    assertEquals(7, rules.builtIn().perMinute());
    Rule lost = rules.builtIn().named("lost_worker").orElseThrow();
    assertEquals(Mode.APPROVE, lost.mode());
    assertEquals(3, lost.guards().most());
    assertEquals(Duration.ofMinutes(10), lost.guards().within());
    assertEquals(List.of("a"), lost.guards().after());
    assertEquals(Duration.ZERO, lost.guards().cooldown(), "the restart limit looks after that");
    assertTrue(lost.version().matches("1-[0-9a-f]{8}"), lost.version());
    assertEquals(Mode.OBSERVE, rules.builtIn().named("stuck_jobs").orElseThrow().mode());
    assertEquals(
        BuiltInRules.DEFAULT.named("frozen_worker"), rules.builtIn().named("frozen_worker"));
    assertEquals(List.of("a"), rules.all().stream().map(Rule::name).toList());
  }

  @Test
  void whatIsNotSaidOfTheBuiltInRulesHasADefault() throws BadConfiguration {
    Rules rules = Toys.read("rules: []");
    assertEquals(BuiltInRules.DEFAULT, rules.builtIn());
    assertEquals(
        List.of("lost_worker", "frozen_worker", "silent_worker", "stuck_jobs"),
        rules.builtIn().all().stream().map(Rule::name).toList());
    for (Rule rule : rules.builtIn().all()) {
      assertEquals(Mode.ACT, rule.mode());
      assertEquals("1", rule.version());
      assertEquals(Guards.NO_LIMIT, rule.guards().most());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "built_in: { lost_workers: {} } | built_in.lost_workers: is not a known key; did you mean"
            + " \"lost_worker\"?",
        "built_in: { lost_worker: { mode: maybe } } | built_in.lost_worker.mode: \"maybe\" is not a"
            + " choice here; allowed: act, approve, observe",
        "built_in: { lost_worker: { ladder: [] } } | built_in.lost_worker.ladder: is not a known"
            + " key; allowed: guardrails, mode",
        "built_in: { stuck_jobs: { guardrails: { after: [nobody] } } } |"
            + " built_in.stuck_jobs.guardrails.after: \"nobody\" is no rule; one of lost_worker,"
            + " frozen_worker, silent_worker, stuck_jobs",
        "built_in: { lost_worker: { guardrails: { after: [lost_worker] } } } |"
            + " built_in.lost_worker.guardrails.after: waits for itself: lost_worker after"
            + " lost_worker; take out the one that is the cause of the others",
        "built_in: { remedies_per_minute: 0 } | built_in.remedies_per_minute: \"0\" is not a whole"
            + " number from 1 to 1000",
        "rules: [{name: lost_worker, symptom: low_disk}] | rules[0].name: is the name of a rule that"
            + " comes with the agent; see the section built_in",
        "rules: [{name: storm, symptom: low_disk}] | rules[0].name: is the name of a rule that comes"
            + " with the agent; see the section built_in"
      })
  void whatIsWrongWithABuiltInRuleIsTold(String text, String problem) {
    assertEquals("rules.yaml:1: " + problem, problem(text));
  }

  @Test
  void whatIsNotSaidHasADefault() throws BadConfiguration {
    Rules rules = Toys.read("rules: [{name: a, symptom: low_disk}]");
    assertEquals(Limits.DEFAULT, rules.limits());
    Rule rule = rules.all().getFirst();
    assertEquals(Severity.WARNING, rule.severity());
    assertEquals(Mode.ACT, rule.mode());
    assertEquals(Duration.ZERO, rule.lasting());
    assertEquals(Duration.ofSeconds(10), rule.clear());
    assertEquals(Duration.ofMinutes(1), rule.verifyWithin());
    assertEquals(List.of(), rule.ladder());
    Guards expected =
        new Guards(
            Duration.ofMinutes(1),
            5,
            Duration.ofHours(1),
            2,
            0.5,
            false,
            List.of(),
            List.of(),
            Duration.ofHours(1),
            10);
    assertEquals(expected, rule.guards());
    assertEquals(List.of(), Toys.read("").all());
  }

  @Test
  void everyProblemIsToldTogetherWithItsLine() {
    String text =
        """
        limits:
          remedies_per_minute: 0
          storm: { symptoms: 1, within: 2h }
          strom: 3
        rules:
          - name: Low Disk
            symptom: low_disc
            for: -1s
            clear_for: 2m
            verify_within: 1m
            mode: obey
            wait: 3s
            ladder:
              - remedy: clear_cash
              - deadline: 0s
              - remedy: clear_cache
                with: { unti: 80%, until: 101% }
            guardrails:
              cooldown: forever
              after: [nobody]
              colldown: 3
              maintenance:
                - { cron: "61 * * * *", lasts: 1s, zone: Mars/Base }
                - lasts: 1h
          - symptom: low_disk
            where: { mont: /x }
            enter: { used: 50% }
        """;
    assertEquals(
        """
        rules.yaml:2: limits.remedies_per_minute: "0" is not a whole number from 1 to 1000
        rules.yaml:3: limits.storm.symptoms: "1" is not a whole number from 2 to 1000
        rules.yaml:3: limits.storm.within: "2h" is not a duration such as 500ms, 30s, 5m, 2h or 7d, from 1s to 1h
        rules.yaml:6: rules[0].name: is not a name; lower case letters, digits, _ and -, at most 63
        rules.yaml:7: rules[0].symptom: "low_disc" is no symptom; one of low_disk, worker_lost
        rules.yaml:10: rules[0].verify_within: is not longer than clear_for; nothing could be verified
        rules.yaml:8: rules[0].for: "-1s" is not a duration such as 500ms, 30s, 5m, 2h or 7d, from 0s to 1d
        rules.yaml:14: rules[0].ladder[0].remedy: "clear_cash" is no remedy; one of clear_cache, notify
        rules.yaml:15: rules[0].ladder[1].remedy: is missing; one of clear_cache, notify
        rules.yaml:15: rules[0].ladder[1].deadline: "0s" is not a duration such as 500ms, 30s, 5m, 2h or 7d, from 1s to 1d
        rules.yaml:17: rules[0].ladder[2].with.until: "101%" is not a share such as 85% or 0.85
        rules.yaml:11: rules[0].mode: "obey" is not a choice here; allowed: act, approve, observe
        rules.yaml:19: rules[0].guardrails.cooldown: "forever" is not a duration such as 500ms, 30s, 5m, 2h or 7d, from 0s to 7d
        rules.yaml:23: rules[0].guardrails.maintenance[0].lasts: "1s" is not a duration such as 500ms, 30s, 5m, 2h or 7d, from 1m to 7d
        rules.yaml:23: rules[0].guardrails.maintenance[0].zone: "Mars/Base" is no time zone; such as Europe/Berlin or UTC
        rules.yaml:23: rules[0].guardrails.maintenance[0].cron: "61 * * * *" is no time of crontab(5): Value 61 not in range [0, 59]; minute, hour, day of the month, month, day of the week, such as "0 2 * * sun"
        rules.yaml:24: rules[0].guardrails.maintenance[1].cron: is missing; minute, hour, day of the month, month, day of the week, such as "0 2 * * sun"
        rules.yaml:25: rules[1].name: is missing; such as low_disk_of_models
        rules.yaml:25: rules[1].leave.used: is not below enter.used; leave some room
        rules.yaml:20: rules[0].guardrails.after: "nobody" is no rule; one of Low Disk, lost_worker, frozen_worker, silent_worker, stuck_jobs
        rules.yaml:4: limits.strom: is not a known key; did you mean "storm"?
        rules.yaml:12: rules[0].wait: is not a known key; allowed: clear_for, enter, for, guardrails, ladder, leave, mode, name, severity, symptom, verify_within, where
        rules.yaml:21: rules[0].guardrails.colldown: is not a known key; did you mean "cooldown"?
        rules.yaml:17: rules[0].ladder[2].with.unti: is not a known key; did you mean "until"?
        rules.yaml:26: rules[1].where.mont: is not a known key; did you mean "mount"?
        """
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")),
        problems(text).stream().sorted().collect(Collectors.joining("\n")));
  }

  @Test
  void aFileWithOneProblemGivesNoRuleAtAll() {
    BadConfiguration bad =
        assertThrows(
            BadConfiguration.class,
            () -> Toys.read(WHOLE.replace("symptom: worker_lost", "symptom: worker_last")));
    assertEquals(1, bad.problems().size());
    assertEquals("rules[1].symptom", bad.problems().getFirst().key());
  }

  @Test
  void aNameIsGivenOnce() {
    assertEquals(
        "rules.yaml:3: rules[1].name: is the name of another rule, too; each rule needs its own",
        problem(
            """
            rules:
              - { name: a, symptom: low_disk }
              - { name: a, symptom: low_disk }
            """));
  }

  @Test
  void rulesWithoutANameAreNotTakenForEachOther() {
    List<String> problems = problems("rules: [{symptom: low_disk}, {symptom: low_disk}]");
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(1).contains("rules[1].name: is missing"), problems.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules: 3",
        "rules: { name: a }",
        "rules: [a]",
        "rules: [{name: a, symptom: low_disk, ladder: clear_cache}]",
        "rules: [{name: a, symptom: low_disk, ladder: [clear_cache]}]",
        "rules: [{name: a, symptom: low_disk, guardrails: [cooldown]}]",
        "rules: [{name: a, symptom: low_disk, guardrails: {maintenance: always}}]",
        "rules: [{name: a, symptom: low_disk, guardrails: {after: {a: b}}}]",
        "limits: 3",
        "- a",
        "rules: [",
        "rule: []"
      })
  void aFileOfAnotherShapeIsRefusedAtItsLine(String text) {
    assertTrue(
        problems(text).getFirst().startsWith("rules.yaml:1:"), () -> problems(text).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "cooldown, 7d, 8d",
    "most, 0, -1",
    "most, 1000, 1001",
    "within, 1s, 500ms",
    "backoff, 1, 0",
    "backoff, 10, 11",
    "share, 0, -0.1",
    "share, 100%, 110%",
    "keep_last, true, yes",
    "approval_expires, 1m, 59s",
    "debt, 1, 0",
    "debt, 1000, many"
  })
  void aGuardrailHasBounds(String key, String good, String bad) throws BadConfiguration {
    Toys.read(rule("guardrails: { %s: %s }".formatted(key, good)));
    String problem = problem(rule("guardrails: { %s: %s }".formatted(key, bad)));
    assertTrue(
        problem.startsWith("rules.yaml:4: rules[0].guardrails.%s: \"%s\" ".formatted(key, bad)),
        problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "daily",
        "@daily",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
        "0 22-2 * * *",
        "*/0 * * * *",
        "0 0 * * sunday",
        "0 0 */2 * mon"
      })
  void aMaintenanceWindowNeedsATimeThatComes(String cron) {
    String problem =
        problem(rule("guardrails: { maintenance: [{ cron: \"%s\" }] }".formatted(cron)));
    String key = "rules.yaml:4: rules[0].guardrails.maintenance[0].cron: ";
    assertTrue(problem.startsWith(key + (cron.isEmpty() ? "is missing" : "\"" + cron)), problem);
    assertTrue(problem.endsWith("such as \"0 2 * * sun\""), problem);
  }

  @Test
  void rulesThatWaitForEachOtherAreRefusedOnceForEachCircle() {
    List<String> problems =
        problems(
            """
            rules:
              - { name: a, symptom: low_disk, guardrails: { after: [b, d] } }
              - { name: b, symptom: low_disk, guardrails: { after: [c] } }
              - { name: c, symptom: low_disk, guardrails: { after: [d, b] } }
              - { name: d, symptom: low_disk, guardrails: { after: [d] } }
              - { name: e, symptom: low_disk, guardrails: { after: [a, b, c] } }
            """);
    assertEquals(
        """
        rules.yaml:3: rules[1].guardrails.after: waits for itself: b after c after b; take out the one that is the cause of the others
        rules.yaml:5: rules[3].guardrails.after: waits for itself: d after d; take out the one that is the cause of the others"""
            .lines()
            .toList(),
        problems);
  }

  @Test
  void rulesMayWaitForEachOtherInOneDirection() throws BadConfiguration {
    Rules rules =
        Toys.read(
            """
            rules:
              - { name: a, symptom: low_disk, guardrails: { after: [b, c, d] } }
              - { name: b, symptom: low_disk, guardrails: { after: [d] } }
              - { name: c, symptom: low_disk, guardrails: { after: d } }
              - { name: d, symptom: low_disk }
            """);
    assertEquals(List.of("d"), rules.named("c").orElseThrow().guards().after());
  }

  @Test
  void theVersionTellsContentsApartAndNothingElse() throws BadConfiguration {
    String version = version(WHOLE);
    assertEquals(8, version.length());
    assertEquals(version, version("# why\n\n" + WHOLE.replace("30s", "30s   # not longer")));
    assertEquals(version, version(WHOLE.replace("{ used: 90% }", "\n        used: \"90%\"")));
    assertEquals(
        version, version(WHOLE.replace("remedies_per_minute: 3", "remedies_per_minute: 4")));
    assertEquals(version, version(WHOLE + "    mode: observe\n"));
    for (String other :
        List.of(
            WHOLE.replace("for: 30s", "for: 31s"),
            WHOLE.replace("used: 85%", "used: 84%"),
            WHOLE.replace("until: 80%", "until: 81%"),
            WHOLE.replace("debt: 4", "debt: 5"),
            WHOLE.replace("after: [lost]", "after: []"),
            WHOLE.replace("remedy: notify", "remedy: clear_cache"))) {
      assertNotEquals(version, version(other), other);
    }
  }

  private static String version(String text) throws BadConfiguration {
    return Toys.read(text).named("low_disk_of_models").orElseThrow().version();
  }
}
