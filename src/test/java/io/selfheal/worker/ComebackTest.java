package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.selfheal.message.ProcessIdentity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ComebackTest {
  @ParameterizedTest
  @CsvSource({"'', false", "4711, false", "4712, true"})
  void itIsBackWhenAnotherProcessWasWatched(String newest, boolean back) {
    assertEquals(back, Comeback.isBack(process("4711"), newest.isEmpty() ? null : process(newest)));
  }

  private static ProcessIdentity process(String pid) {
    return new ProcessIdentity("boot", Long.parseLong(pid), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "active, running, success, 4712, WAIT",
    "active, exited, success, 0, DROP",
    "activating, start-pre, success, 0, WAIT",
    "activating, auto-restart, exit-code, 0, FAILED",
    "deactivating, stop-sigterm, success, 4711, WAIT",
    "failed, failed, exit-code, 0, FAILED",
    "inactive, dead, success, 0, DROP",
    "inactive, dead, exit-code, 0, DROP",
    "'', '', '', 0, DROP",
  })
  void whatSystemdSays(String active, String sub, String result, long mainPid, Comeback comeback) {
    assertEquals(comeback, Comeback.of(new SystemdUnit("loaded", active, sub, result, mainPid)));
  }
}
