package io.selfheal.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.Money;
import java.io.DataInputStream;
import java.io.EOFException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that spends is killed with -9, again and again. */
@Timeout(120)
class SpenderKilledTest {
  private static final int ROUNDS = 6;

  @TempDir private Path directory;

  /** What it said to have spent, at a kill after so many answers. */
  private long spentUntilKilled(Path file, int answers) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Spender.class.getName(),
                    file.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long spent = 0;
    try (DataInputStream in = new DataInputStream(process.getInputStream())) {
      assertEquals(-1, in.readLong());
      for (int i = 0; ; i++) {
        if (i == answers) {
          // Not the process itself: that closes its pipe, too, with what it had said in it.
          process.toHandle().destroyForcibly();
        }
        spent += in.readLong();
      }
    } catch (EOFException killed) {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    return spent;
  }

  /** Nothing is forgotten, and no more is spent than what the open permits may cost. */
  @Test
  void noBudgetIsForgottenOrSpentTwice() throws Exception {
    Path file = directory.resolve("services.state");
    long least = 0;
    for (int round = 0; round < ROUNDS; round++) {
      least += spentUntilKilled(file, 1_000 * round);
      StateFile.Opened opened = StateFile.open(file, List.of("a"), 42);
      assertEquals(null, opened.damage());
      opened.file().close();
      Rig rig = new Rig(file, "name: a", "budget: {amount: 1000000, per: month}");
      long spent = Money.micros(rig.service().budget().spent()).orElseThrow();
      // A step that was done and not told any more is one report, and is less than was reserved.
      long most = least + Spender.OPEN * Spender.MOST;
      assertTrue(spent >= least && spent <= most, least + " <= " + spent + " <= " + most);
      least = spent;
    }
  }
}
