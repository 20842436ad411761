package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Outcome;
import io.selfheal.message.UnitRequests.Verb;
import io.selfheal.worker.UnitPlan.Step;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitPlanTest {
  @ParameterizedTest
  @CsvSource({
    // what, the seen process lives, LoadState, ActiveState, SubState, Result, MainPID, step
    "RESTART, true, loaded, active, running, success, 4711, ACT",
    "RESTART, false, loaded, active, running, success, 4712, NOTHING",
    "RESTART, false, loaded, active, exited, success, 0, ACT",
    "RESTART, true, loaded, active, running, success, 4712, NOTHING", // its end is not told yet
    "RESTART, true, loaded, active, exited, success, 0, ACT",
    "RESTART, true, loaded, activating, start, success, 4711, ACT",
    "RESTART, true, loaded, activating, start, success, 4712, WAIT",
    "RESTART, false, loaded, activating, start-pre, success, 0, WAIT",
    "RESTART, false, loaded, activating, auto-restart, signal, 0, WAIT",
    "RESTART, true, loaded, deactivating, stop-sigterm, success, 4711, WAIT",
    "RESTART, false, loaded, failed, failed, signal, 0, ACT",
    "RESTART, false, loaded, inactive, dead, success, 0, UNWANTED",
    "RESTART, false, loaded, inactive, dead, exit-code, 0, UNWANTED",
    "RESTART, true, masked, active, running, success, 4711, REFUSE",
    "RESTART, false, not-found, inactive, dead, success, 0, REFUSE",
    "RESTART, false, bad-setting, inactive, dead, success, 0, REFUSE",
    "RESTART, false, loaded, maintenance, '', success, 0, REFUSE",
    "RESTART, false, '', '', '', '', 0, FAIL",
    "STOP, true, loaded, active, running, success, 4711, ACT",
    "STOP, false, loaded, active, running, success, 4712, NOTHING",
    "STOP, true, loaded, active, running, success, 4712, NOTHING",
    "STOP, true, masked, active, running, success, 4711, ACT",
    "STOP, true, not-found, active, running, success, 4711, ACT",
    "STOP, false, loaded, activating, auto-restart, signal, 0, ACT",
    "STOP, false, loaded, inactive, dead, success, 0, NOTHING",
    "STOP, false, loaded, failed, failed, signal, 0, NOTHING",
    "STOP, false, not-found, inactive, dead, success, 0, NOTHING",
    "STOP, true, loaded, deactivating, stop-sigterm, success, 4711, WAIT",
    "START, false, loaded, inactive, dead, success, 0, ACT",
    "START, false, loaded, failed, failed, signal, 0, ACT",
    "START, true, loaded, active, running, success, 4711, NOTHING",
    "START, false, loaded, activating, start, success, 0, WAIT",
    "START, false, masked, inactive, dead, success, 0, REFUSE",
  })
  void whatFollows(
      Verb what,
      boolean lives,
      String loaded,
      String active,
      String sub,
      String result,
      long mainPid,
      Step step) {
    UnitPlan.Advice advice =
        new UnitPlan("w.service", what, lives ? 4711 : 0)
            .advise(new SystemdUnit(loaded, active, sub, result, mainPid));
    assertEquals(step, advice.step(), advice.reason());
    assertTrue(advice.reason().contains("w.service"), advice.reason());
  }

  @ParameterizedTest
  @CsvSource({"active, running, 4712, ACT", "activating, auto-restart, 0, ACT"})
  void whicheverProcessRunsIsStopped(String active, String sub, long mainPid, Step step) {
    SystemdUnit now = new SystemdUnit("loaded", active, sub, "exit-code", mainPid);
    assertEquals(step, new UnitPlan("w.service", Verb.STOP, UnitPlan.ANY).advise(now).step());
  }

  @ParameterizedTest
  @CsvSource({
    "RESTART, active, running, DONE",
    "RESTART, failed, failed, FAILED",
    "RESTART, inactive, dead, FAILED",
    "RESTART, activating, auto-restart, DEFERRED",
    "START, active, running, DONE",
    "STOP, inactive, dead, DONE",
    "STOP, failed, failed, DONE",
    "STOP, active, running, FAILED",
    "STOP, deactivating, stop-sigkill, DEFERRED",
  })
  void howItIsWhenTheJobIsDone(Verb what, String active, String sub, Outcome outcome) {
    Systemctl.Result result =
        new UnitPlan("w.service", what, 4711)
            .afterwards("before", new SystemdUnit("loaded", active, sub, "success", 0));
    assertEquals(outcome, result.outcome());
    assertTrue(result.detail().contains("it is " + active + " (" + sub + ")"), result.detail());
    assertEquals(outcome != Outcome.DONE, result.detail().contains("journalctl"));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "1; Failed to restart w.service: Interactive authentication required.; let polkit allow it",
        "4; Failed to restart w.service: Access denied; let polkit allow it",
        "-1; no answer within 5 s; systemd goes on with its job",
        "1; Job for w.service failed because the control process exited; Job for w.service failed",
      },
      delimiter = ';')
  void whatSystemctlSaysWhenItFails(int exit, String text, String words) {
    String said = new UnitPlan("w.service", Verb.RESTART, 4711).failed("before", exit, text);
    assertTrue(said.startsWith("before; systemctl restart w.service: "), said);
    assertTrue(said.contains(words), said);
    assertFalse(said.contains("null"), said);
  }
}
