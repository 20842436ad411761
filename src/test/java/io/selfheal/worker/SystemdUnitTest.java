package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.worker.SystemdUnit.Step;
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
    SystemdUnit.Advice advice = SystemdUnit.parse(text).advise("w.service", 4711);
    assertEquals(step, advice.step());
    assertFalse(advice.reason().isBlank());
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
