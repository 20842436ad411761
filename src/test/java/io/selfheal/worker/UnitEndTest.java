package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.UnitRequests.Verb;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How systemd's account of an end is read. The process that ended is pid 4711. */
final class UnitEndTest {
  private static SystemdUnit unit(String properties) {
    return SystemdUnit.parse("LoadState=loaded\n" + properties.replace(' ', '\n'));
  }

  private static String main(long left, long exited, int code, int status) {
    return ("ExecMainPID=4711 ExecMainStartTimestampMonotonic=100 InactiveExitTimestampMonotonic=90"
            + " ActiveEnterTimestampMonotonic=110"
            + " ActiveExitTimestampMonotonic=%d ExecMainExitTimestampMonotonic=%d ExecMainCode=%d"
            + " ExecMainStatus=%d NRestarts=0 RuntimeMaxUSec=infinity ")
        .formatted(left, exited, code, status);
  }

  /** And it is brought back unless somebody wanted it down. */
  private static void isTold(String end, String active, SystemdUnit now) {
    UnitEnd found = UnitEnd.of("w.service", 4711, OptionalInt.empty(), now);
    assertEquals(end, found.getClass().getSimpleName(), found::toString);
    if (active.equals("failed")) {
      assertEquals(
          end.equals("Asked") ? SystemdUnit.Step.UNWANTED : SystemdUnit.Step.RESTART,
          now.advise("w.service", UnitGone.byOthers(4711)).step());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // left active, exited, code, status, ActiveState, Result
    "210, 200, 2, 9, failed, signal, Died",
    "210, 200, 1, 3, activating, exit-code, Died",
    "210, 200, 1, 0, inactive, success, Died",
    "50, 200, 2, 9, failed, signal, Died", // it was never active since that process was started
    "190, 200, 2, 15, inactive, success, Asked",
    "190, 200, 1, 143, failed, exit-code, Asked", // Java on TERM
    "190, 200, 2, 9, failed, timeout, Asked", // deaf to TERM
    "190, 200, 2, 15, failed, start-limit-hit, Died", // a restart that systemd refused
    "190, 200, 2, 15, inactive, success Job=12, NotYet", // between the halves of a restart
    "190, 200, 1, 143, failed, exit-code Job=12, NotYet",
    "210, 200, 2, 9, failed, signal Job=12, Died",
    "190, 200, 2, 15, deactivating, success, NotYet",
    "190, 200, 2, 15, activating, success, NotYet",
    "190, 200, 2, 6, failed, watchdog, Died",
    "190, 200, 2, 15, failed, oom-kill, Died",
    "0, 0, 0, 0, active, success, NotYet",
    "190, 0, 0, 0, deactivating, success, NotYet",
  })
  void theEndOfTheMainProcess(
      long left, long exited, int code, int status, String active, String result, String end) {
    SystemdUnit now =
        unit(
            main(left, exited, code, status)
                + "ActiveState=%s Result=%s".formatted(active, result));
    UnitEnd found = UnitEnd.of("w.service", 4711, OptionalInt.empty(), now);
    assertEquals(end, found.getClass().getSimpleName(), found::toString);
    if (found instanceof UnitEnd.Died died) {
      int wait = code == 1 ? status << 8 : status;
      assertEquals(wait, died.waitStatus().orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // left active, code, status, ActiveState, SubState, Result, end
    "190, 1, 1, failed, failed, exit-code, Died", // it told so, and gave up
    "190, 2, 11, failed, failed, signal, Died",
    "190, 1, 1, activating, auto-restart, exit-code, Died",
    "190, 1, 0, activating, auto-restart, success, Died",
    "190, 1, 143, failed, failed, exit-code, Asked",
    "190, 2, 15, inactive, dead, success, Asked",
    "190, 1, 0, inactive, dead, success, Asked",
    "190, 2, 9, failed, failed, timeout, Asked",
    "210, 1, 0, inactive, dead, success, Died",
  })
  void oneThatMayTellThatItStopsIsBelievedByHowItEnded(
      long left, int code, int status, String active, String sub, String result, String end) {
    SystemdUnit now =
        unit(
            main(left, 200, code, status)
                + "NotifyAccess=main ActiveState=%s SubState=%s Result=%s"
                    .formatted(active, sub, result));
    isTold(end, active, now);
  }

  @ParameterizedTest
  @CsvSource({
    // became active, left active, code, status, ActiveState, Result, end
    "0, 0, 1, 143, failed, exit-code, Asked", // Java on TERM, in its first start since the boot
    "40, 50, 1, 143, failed, exit-code, Asked",
    "40, 50, 2, 15, inactive, success, Asked",
    "40, 50, 2, 15, activating, success, NotYet", // a restart
    "40, 50, 2, 15, failed, timeout, Died", // its start took too long
    "40, 50, 2, 15, failed, protocol, Died", // systemd had not asked for it
    "40, 50, 2, 9, failed, timeout, Died",
    "40, 50, 1, 1, failed, exit-code, Died",
    "110, 50, 2, 15, active, success, Died", // it was active, and systemd is at a reload
  })
  void oneThatNeverCameToBeActiveIsBelievedByHowItEnded(
      long entered, long left, int code, int status, String active, String result, String end) {
    SystemdUnit now =
        unit(
            main(left, 200, code, status)
                    .replace(
                        "ActiveEnterTimestampMonotonic=110",
                        "ActiveEnterTimestampMonotonic=" + entered)
                + "NotifyAccess=main ActiveState=%s Result=%s".formatted(active, result));
    isTold(end, active, now);
  }

  @ParameterizedTest
  @CsvSource({
    "NRestarts=0 MainPID=4712 ExecMainPID=4712 ActiveExitTimestampMonotonic=190, Asked",
    "NRestarts=1 MainPID=4712 ExecMainPID=4712 ActiveExitTimestampMonotonic=190, Died",
    "NRestarts=0 MainPID=4712 ExecMainPID=4712 ActiveExitTimestampMonotonic=0, Died",
    "NRestarts=0 MainPID=4712 ExecMainPID=4712 ActiveState=activating, Asked",
    "NRestarts=1 MainPID=4712 ExecMainPID=4712 ActiveState=activating, Died",
    "NRestarts=0 MainPID=0 ExecMainPID=4712 ActiveExitTimestampMonotonic=190, Died",
    "ActiveState=inactive Result=success ExecMainPID=0, Asked",
    "ActiveState=inactive Result=success ExecMainPID=0 LoadState=not-found, Died",
    "ActiveState=failed Result=exit-code ExecMainPID=0, Died",
    "ActiveState=inactive Result=success ExecMainPID=0 Job=12, NotYet",
    "NRestarts=0 MainPID=4712 ExecMainPID=4712 ActiveState=activating Job=12, Asked",
  })
  void anotherProcessThanThatOfWhichSystemdKnows(String properties, String end) {
    UnitEnd found = UnitEnd.of("w.service", 4711, OptionalInt.empty(), unit(properties));
    assertEquals(end, found.getClass().getSimpleName(), found::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "0, Asked", "1, Asked", "2, Asked", "15, Asked", "0x8f00, Asked",
    "9, Died", "11, Died", "0x86, Died", "0x100, Died", "0x8900, Died",
  })
  void whereSystemdKnowsOfNoProcessItsStatusSpeaks(String status, String end) {
    SystemdUnit now = unit("ActiveState=inactive Result=success ExecMainPID=0");
    OptionalInt known = OptionalInt.of(Integer.decode(status));
    UnitEnd found = UnitEnd.of("w.service", 4711, known, now);
    assertEquals(end, found.getClass().getSimpleName(), found::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "failed, start-limit-hit, 4711, '', RESTART, ACT",
    "inactive, success, 4711, Job=12, WAIT, WAIT",
    "inactive, success, 0, Job=12, WAIT, WAIT",
    "failed, exit-code, 4711, Job=12, WAIT, WAIT",
    "inactive, success, 4711, '', UNWANTED, UNWANTED",
  })
  void whatIsToStartOrWasNotLetStartIsNotWantedDown(
      String active,
      String result,
      long pid,
      String job,
      SystemdUnit.Step step,
      UnitPlan.Step planned) {
    SystemdUnit now =
        unit(
            main(190, 200, 2, 15).replace("4711", Long.toString(pid))
                + "ActiveState=%s Result=%s %s".formatted(active, result, job));
    assertEquals(step, now.advise("w.service", UnitGone.byOthers(4711)).step());
    assertEquals(planned, new UnitPlan("w.service", Verb.RESTART, 0).advise(now).step());
    assertEquals(
        job.isEmpty() ? UnitPlan.Step.NOTHING : UnitPlan.Step.ACT,
        new UnitPlan("w.service", Verb.STOP, 0).advise(now).step());
    Comeback comeback =
        switch (step) {
          case WAIT -> Comeback.WAIT;
          case RESTART -> Comeback.FAILED;
          default -> Comeback.DROP;
        };
    assertEquals(comeback, Comeback.of(now));
  }

  @ParameterizedTest
  @CsvSource({"Job=12, true", "'', false"})
  void aRestartThatWaitsForLongIsTakenForOne(String job, boolean restarted) {
    SystemdUnit now = unit("ActiveState=inactive Result=success ExecMainPID=0 " + job);
    UnitEnd found = UnitEnd.late("w.service", now);
    assertEquals(restarted, found instanceof UnitEnd.Asked asked && asked.restarted());
  }

  @ParameterizedTest
  @CsvSource({"infinity, Asked", "1h, Died"})
  void aLifetimeThatIsOverIsNobodysWish(String lifetime, String end) {
    SystemdUnit now =
        unit(
            main(190, 200, 2, 9).replace("infinity", lifetime)
                + "ActiveState=failed Result=timeout");
    assertEquals(
        end, UnitEnd.of("w.service", 4711, OptionalInt.empty(), now).getClass().getSimpleName());
  }

  @ParameterizedTest
  @CsvSource({"failed, true", "activating, false", "inactive, false"})
  void aRestartThatFailsAtItsStartIsALoss(String active, boolean lost) {
    SystemdUnit now =
        unit(
            main(190, 200, 2, 15)
                    .replace(
                        "InactiveExitTimestampMonotonic=90", "InactiveExitTimestampMonotonic=210")
                + "ActiveState=%s Result=exit-code".formatted(active));
    UnitEnd found = UnitEnd.of("w.service", 4711, OptionalInt.empty(), now);
    assertEquals(lost, found instanceof UnitEnd.Died);
    if (found instanceof UnitEnd.Died died) {
      assertTrue(died.reason().contains("failed at its start"), died.reason());
      assertEquals(
          SystemdUnit.Step.RESTART, now.advise("w.service", UnitGone.byOthers(4711)).step());
    }
  }

  @ParameterizedTest
  @CsvSource({"190, UNWANTED", "210, RESTART"})
  void whatFailedWhileItWasStoppedIsNotBroughtBack(long left, SystemdUnit.Step step) {
    SystemdUnit now = unit(main(left, 200, 1, 143) + "ActiveState=failed Result=exit-code");
    assertEquals(step, now.advise("w.service", UnitGone.byOthers(4711)).step());
    assertEquals(
        step == SystemdUnit.Step.UNWANTED ? UnitPlan.Step.UNWANTED : UnitPlan.Step.ACT,
        new UnitPlan("w.service", Verb.RESTART, 0).advise(now).step());
  }
}
