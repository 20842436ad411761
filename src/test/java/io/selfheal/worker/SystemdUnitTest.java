package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.ProcessIdentity;
import io.selfheal.worker.SystemdUnit.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SystemdUnitTest {
  @ParameterizedTest
  @CsvSource({
    "loaded, failed, failed, signal, 0, RESTART",
    "loaded, inactive, dead, success, 0, UNWANTED",
    "loaded, inactive, dead, exit-code, 0, UNWANTED", // stopped while it waited for its next start
    "loaded, activating, auto-restart, signal, 0, WAIT",
    "loaded, activating, start, success, 12, WAIT",
    "loaded, deactivating, stop-sigterm, success, 0, WAIT",
    "loaded, active, running, success, 4711, WAIT",
    "loaded, active, running, success, 4712, RUNS",
    "loaded, active, exited, success, 0, RESTART",
    "loaded, maintenance, '', success, 0, REFUSE",
    "not-found, inactive, dead, success, 0, REFUSE",
    "masked, inactive, dead, success, 0, REFUSE",
    "masked, failed, failed, signal, 0, REFUSE",
    "bad-setting, inactive, dead, success, 0, REFUSE",
    "error, inactive, dead, success, 0, REFUSE",
    "'', '', '', '', 0, FAIL",
  })
  void whatFollows(
      String loaded, String active, String sub, String result, long mainPid, Step step) {
    String text =
        "Result=%s\nLoadState=%s\nActiveState=%s\nSubState=%s\nMainPID=%d\n"
            .formatted(result, loaded, active, sub, mainPid);
    SystemdUnit.Advice advice =
        SystemdUnit.parse(text).advise("w.service", UnitGone.byOthers(4711));
    assertEquals(step, advice.step());
    assertFalse(advice.reason().isBlank());
  }

  @ParameterizedTest
  @CsvSource({
    // by whom, ActiveState, ExecMainPID, left active, begun, ended, step
    "OTHERS, inactive, 4711, 210, 90, 200, UNWANTED",
    "SIGNAL, inactive, 4711, 210, 90, 200, RESTART",
    "SIGNAL, inactive, 0, 0, 0, 0, RESTART", // systemd has forgotten it
    "SIGNAL, inactive, 4711, 190, 90, 200, UNWANTED", // stopped by somebody before it ended
    "SIGNAL, failed, 4711, 190, 90, 200, UNWANTED",
    "SIGNAL, failed, 4711, 210, 90, 200, RESTART",
    "SIGNAL, inactive, 4712, 310, 290, 300, UNWANTED", // its follower was stopped
    "SIGNAL, inactive, 4711, 210, 220, 200, UNWANTED", // started again, and stopped meanwhile
    "RESTART, failed, 4711, 190, 90, 200, RESTART", // systemd refused to start it again
    "RESTART, inactive, 4712, 310, 290, 300, UNWANTED",
  })
  void whatTheAgentHasEndedIsBroughtBack(
      UnitGone.By by, String active, long pid, long left, long begun, long ended, Step step) {
    String text =
        ("LoadState=loaded ActiveState=%s Result=success MainPID=0 ExecMainPID=%d"
                + " ExecMainStartTimestampMonotonic=100 ActiveExitTimestampMonotonic=%d"
                + " InactiveExitTimestampMonotonic=%d ExecMainExitTimestampMonotonic=%d"
                + " ExecMainCode=2 ExecMainStatus=15")
            .formatted(active, pid, left, begun, ended)
            .replace(' ', '\n');
    SystemdUnit.Advice advice = SystemdUnit.parse(text).advise("w.service", new UnitGone(4711, by));
    assertEquals(step, advice.step(), advice.reason());
  }

  @ParameterizedTest
  @CsvSource({"none, UNWANTED", "main, RESTART", "all, RESTART"})
  void whatTellsThatItStopsWhenTheAgentEndsItIsBroughtBack(String access, Step step) {
    String text =
        ("LoadState=loaded ActiveState=inactive Result=success ExecMainPID=4711"
                    + " ExecMainStartTimestampMonotonic=100 ActiveEnterTimestampMonotonic=110"
                    + " ActiveExitTimestampMonotonic=190 ExecMainExitTimestampMonotonic=200"
                    + " ExecMainCode=2 ExecMainStatus=15 NotifyAccess=")
                .replace(' ', '\n')
            + access;
    UnitGone gone = new UnitGone(4711, UnitGone.By.SIGNAL);
    assertEquals(step, SystemdUnit.parse(text).advise("w.service", gone).step());
  }

  @ParameterizedTest
  @CsvSource({
    // ended by the agent, restarted by it, the newest that was watched, by whom
    "false, '', 4711, OTHERS",
    "true, '', 4711, SIGNAL",
    "true, '', '', SIGNAL", // the agent was started anew since
    "true, '', 4712, OTHERS",
    "false, 4711, 4711, RESTART",
    "false, 4710, 4711, OTHERS",
    "true, 4711, 4712, OTHERS",
  })
  void whoEndedIt(boolean ended, String restarted, String newest, UnitGone.By by) {
    UnitGone gone = UnitGone.of(process("4711"), ended, process(restarted), process(newest));
    assertEquals(new UnitGone(4711, by), gone);
  }

  private static @Nullable ProcessIdentity process(String pid) {
    return pid.isEmpty() ? null : new ProcessIdentity("boot", Long.parseLong(pid), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "failed, failed, exit-code, FAIL, failed at once (exit-code)",
    "inactive, dead, success, FAIL, it is inactive (dead)",
    "active, exited, success, FAIL, it is active (exited)",
    "activating, start-pre, success, WAIT, still starting (start-pre)",
    "activating, auto-restart, exit-code, WAIT, still starting (auto-restart)",
  })
  void whyNoProcessIsFoundAfterRestart(
      String active, String sub, String result, Step step, String words) {
    SystemdUnit.Advice advice =
        new SystemdUnit("loaded", active, sub, result, 0).afterRestart("w.service");
    assertEquals(step, advice.step());
    assertTrue(advice.reason().contains(words), advice.reason());
  }
}
